using System.Net.Http.Json;
using System.Text.Json;
using FlexEdit.Tests.EndToEnd.Hosting;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.EndToEnd.Webhooks;

/// <summary>Receivers with good and bad certificates (F37), seen by the server as a process.</summary>
[Collection(OwnServerCollection.Name)]
public sealed class TlsTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("flexedit-tls").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Sends_only_to_whom_a_trusted_certificate_in_force_names()
    {
        using var authority = new TestAuthority();
        var roots = Path.Combine(_data, "roots.pem");
        await File.WriteAllTextAsync(roots, authority.Pem, Token);
        await using var server = await ServerProcess.StartAsync(_data, ("FLEXEDIT__Webhooks__AllowPrivateTargets", "true"), ("SSL_CERT_FILE", roots));
        var days = TimeSpan.FromDays(20);
        await using var good = new TlsReceiver(authority.Issue("localhost", days));
        await using var expired = new TlsReceiver(authority.Issue("localhost", TimeSpan.FromDays(-1)));
        await using var other = new TlsReceiver(authority.Issue("example.org", days));
        await using var selfSigned = new TlsReceiver(authority.Issue("localhost", days, selfSigned: true));

        (await TryAsync(server, good)).ShouldBe((200, null, 1));
        foreach (var bad in new[] { expired, other, selfSigned })
            (await TryAsync(server, bad)).ShouldBe((null, "No trusted TLS connection: the certificate or the protocol was not accepted.", 0));
    }

    private static async Task<(int? Status, string? Error, int Requests)> TryAsync(ServerProcess server, TlsReceiver receiver)
    {
        var made = await (await server.Http.PostAsJsonAsync("/v1/webhooks", new { url = receiver.Url }, Token)).Content.ReadFromJsonAsync<JsonElement>(Token);
        using var tried = await server.Http.PostAsync($"/v1/webhooks/{made.GetProperty("id").GetString()}/test", null, Token);
        var attempt = (await tried.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("attempts")[0];
        var status = attempt.GetProperty("status");
        return (status.ValueKind == JsonValueKind.Null ? null : status.GetInt32(), attempt.GetProperty("error").GetString(), receiver.Requests);
    }
}
