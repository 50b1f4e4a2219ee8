using FlexEdit.Tests.Integration.Hosting;
using FlexEdit.Tests.Unit.Storage;
using Xunit;

[assembly: AssemblyFixture(typeof(Servers))]

namespace FlexEdit.Tests.Integration.Hosting;

/// <summary>One server of each kind for the whole test run, started when first asked for.</summary>
public sealed class Servers : IAsyncLifetime
{
    private static Lazy<Task<PostgresServer>> s_postgres = new(PostgresServer.StartAsync);
    private static Lazy<Task<RabbitMqServer>> s_rabbitMq = new(RabbitMqServer.StartAsync);

    internal static Task<PostgresServer> PostgresAsync() => s_postgres.Value;

    internal static Task<RabbitMqServer> RabbitMqAsync() => s_rabbitMq.Value;

    public async ValueTask InitializeAsync()
    {
        var postgres = await PostgresAsync();
        await using (var tables = new Npgsql.NpgsqlConnection(postgres.ConnectionTo("postgres")))
        {
            await tables.OpenAsync();
            await using var create = new Npgsql.NpgsqlCommand("CREATE DATABASE tables", tables);
            await create.ExecuteNonQueryAsync();
        }
        TestFolder.NewPostgres = () => postgres.ConnectionTo("tables");
        using (var folder = new TestFolder())
            await (await StorageUnderTest.StartAsync(folder)).DisposeAsync();
        postgres.HasTables = true;
        TestFolder.NewPostgres = postgres.NewDatabase;
    }

    public async ValueTask DisposeAsync()
    {
        if (s_postgres.IsValueCreated)
            await (await s_postgres.Value).DisposeAsync();
        if (s_rabbitMq.IsValueCreated)
            await (await s_rabbitMq.Value).DisposeAsync();
        s_postgres = new(PostgresServer.StartAsync);
        s_rabbitMq = new(RabbitMqServer.StartAsync);
    }
}

/// <summary>Tests that stop servers or measure time: none runs beside another.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
