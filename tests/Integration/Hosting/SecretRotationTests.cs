using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Integration.Hosting;

/// <summary>Every secret is replaced under running services, at the servers and in its file; the old one is good for nothing after that, and the work goes on (<c>docs/operations/secrets.md</c>).</summary>
public sealed class SecretRotationTests : IAsyncLifetime
{
    private const string Next = "another-password-0123456789abcdef";
    private RotatedCloud _cloud = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _cloud = await RotatedCloud.UpAsync();
        await _cloud.EditedAsync();
    }

    public ValueTask DisposeAsync() => _cloud.DisposeAsync();

    [Fact]
    public async Task Nothing_is_restarted_and_nothing_stops()
    {
        await DatabaseAsync();
        await _cloud.EditedAsync();
        await BrokerAsync();
        await _cloud.EditedAsync();
        await StoreAsync();
        await _cloud.EditedAsync();
        await TokenAsync();
        await _cloud.EditedAsync();
        await SigningKeyAsync();
        _cloud.ShouldHaveRestartedNothing();
    }

    // A new password, and every session ended, so that new ones have to be made with it.
    private async Task DatabaseAsync()
    {
        var text = $"Host=127.0.0.1;Port={_cloud["postgres_port"]};Username=flexedit;Database=flexedit;Pooling=false;Password=";
        await using (var database = new NpgsqlConnection(text + _cloud["password"]))
        {
            await database.OpenAsync(Token);
            await SayAsync(database, $"ALTER ROLE flexedit PASSWORD '{Next}'");
            _cloud.Put("database", Next);
            await SayAsync(database, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND usename = 'flexedit'");
        }
        await using var old = new NpgsqlConnection(text + _cloud["password"]);
        (await Should.ThrowAsync<PostgresException>(() => old.OpenAsync(Token))).SqlState.ShouldBe(PostgresErrorCodes.InvalidPassword);
    }

    private async Task BrokerAsync()
    {
        using (var before = _cloud.Broker(_cloud["password"]))
            (await before.PutAsJsonAsync("users/flexedit", new { password = Next, tags = "administrator" }, Token)).EnsureSuccessStatusCode();
        _cloud.Put("broker", Next);
        using var old = _cloud.Broker(_cloud["password"]);
        (await old.GetAsync("overview", Token)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var broker = _cloud.Broker(Next);
        foreach (var name in await ConnectionsAsync())
            await broker.DeleteAsync($"connections/{Uri.EscapeDataString(name)}", Token);

        async Task<string[]> ConnectionsAsync()
        {
            // The management API learns of connections some seconds after they were made.
            using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
            while (true)
            {
                var connections = await broker.GetFromJsonAsync<JsonElement>("connections", Token);
                if (connections.GetArrayLength() >= 4)
                    return [.. connections.EnumerateArray().Select(connection => connection.GetProperty("name").GetString()!)];
                await poll.WaitForNextTickAsync(limit.Token);
            }
        }
    }

    // The store knows both pairs while the files change.
    private async Task StoreAsync()
    {
        await _cloud.RadosAsync("key", "create", "--uid=flexedit", "--key-type=s3", "--access-key=flexedit2", $"--secret-key={Next}");
        _cloud.Put("s3-access", "flexedit2");
        _cloud.Put("s3-secret", Next);
        await _cloud.RadosAsync("key", "rm", "--uid=flexedit", "--key-type=s3", "--access-key=flexedit");
    }

    // Accepted everywhere, then sent everywhere, then the only one.
    private async Task TokenAsync()
    {
        var (old, next) = (_cloud["token"], "next-token-0123456789abcdef0123456789");
        _cloud.Put("token", old, next);
        await UntilAsync(next, HttpStatusCode.OK);
        await _cloud.EditedAsync();
        _cloud.Put("token", next, old);
        await _cloud.EditedAsync();
        _cloud.Put("token", next);
        await UntilAsync(old, HttpStatusCode.Unauthorized);
    }

    private async Task SigningKeyAsync()
    {
        var before = await KeysAsync();
        before.Length.ShouldBe(1);
        _cloud.Put("signing", "whsk_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while ((await KeysAsync()).SequenceEqual(before))
            await poll.WaitForNextTickAsync(limit.Token);
        (await KeysAsync()).Length.ShouldBe(1);

        async Task<string[]> KeysAsync() =>
            [.. (await _cloud.Gateway.Http.GetFromJsonAsync<JsonElement>("/.well-known/jwks.json", Token)).GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("kid").GetString()!)];
    }

    private async Task UntilAsync(string token, HttpStatusCode status)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/internal/keys") { Headers = { { "X-FlexEdit-Internal-Token", token } } };
            using var answer = await _cloud.Storage.Http.SendAsync(request, limit.Token);
            if (answer.StatusCode == status)
                return;
            await poll.WaitForNextTickAsync(limit.Token);
        }
    }

    private static async Task SayAsync(NpgsqlConnection database, string sql)
    {
        await using var command = new NpgsqlCommand(sql, database);
        await command.ExecuteNonQueryAsync(Token);
    }
}
