using Npgsql;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Integration.Hosting;

public sealed class ServersTests
{
    [Fact]
    public async Task A_killed_database_comes_back_with_what_was_committed()
    {
        await using var server = await PostgresServer.StartAsync();
        await using (var connection = new NpgsqlConnection(server.NewDatabase()))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = new NpgsqlCommand("CREATE TABLE t AS SELECT 7 AS x", connection);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        await server.KillAsync();
        await server.StartAgainAsync();

        NpgsqlConnection.ClearAllPools();
        await using var after = new NpgsqlConnection($"Host=127.0.0.1;Port={server.Port};Username=flexedit;Database=ledger1");
        await after.OpenAsync(TestContext.Current.CancellationToken);
        await using var read = new NpgsqlCommand("SELECT x FROM t", after);
        (await read.ExecuteScalarAsync(TestContext.Current.CancellationToken)).ShouldBe(7);
    }

    [Fact]
    public async Task The_broker_has_the_policies_and_the_time_limit_of_a_real_one()
    {
        var broker = await Servers.RabbitMqAsync();
        var address = new Uri(await broker.NewHostAsync());

        var policy = (await broker.GetAsync($"policies{address.AbsolutePath}"))[0];
        policy.GetProperty("definition").GetProperty("dead-letter-exchange").GetString().ShouldBe("dead-letters");
    }
}
