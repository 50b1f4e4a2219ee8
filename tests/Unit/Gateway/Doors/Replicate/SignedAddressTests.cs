using FlexEdit.Platform.Internal;
using FlexEdit.Platform.Links;
using FlexEdit.Tests.Unit.Gateway.Access;
using FlexEdit.Tests.Unit.Gateway.Running;
using FlexEdit.Tests.Unit.Storage;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;
using static FlexEdit.Tests.Unit.Gateway.Doors.Replicate.PredictionCalls;

namespace FlexEdit.Tests.Unit.Gateway.Doors.Replicate;

/// <summary>What needs no key, and what an address without one is good for.</summary>
public class SignedAddressTests(SignedAddressTests.Server server) : IClassFixture<SignedAddressTests.Server>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Results_and_events_are_read_without_a_key_by_their_addresses_alone()
    {
        using var owner = await server.ClientOfAsync(StorageUnderTest.Tenant);
        using var made = await owner.PredictAsync(Input(Words()));
        var begun = await made.BodyAsync();
        var id = (string)begun["id"]!;
        var worker = new ScriptedWorker(server);
        await worker.FinishAsync(await worker.PaintingAsync(id), [1, 2, 3]);
        var ended = await owner.PredictionAsync(id);

        // The operator has said where clients reach it.
        var result = new Uri((string)ended["output"]![0]!);
        result.GetLeftPart(UriPartial.Path).ShouldBe($"https://edit.example.org/base/v1/predictions/{id}/outputs/0.png");
        ((string)begun["urls"]!["get"]!).ShouldBe($"https://edit.example.org/base/v1/predictions/{id}");

        var path = result.PathAndQuery["/base".Length..];
        (await server.Client.GetByteArrayAsync(path, Token)).ShouldBe([1, 2, 3]);
        var stream = new Uri((string)begun["urls"]!["stream"]!).PathAndQuery["/base".Length..];
        (await server.Client.GetStringAsync(stream, Token)).ShouldContain($"event: output\nid: 5\ndata: https://edit.example.org/base/v1/predictions/{id}/outputs/0.png?token=");

        // A token is good for its own path, and for reading.
        var token = path[(path.IndexOf('=', StringComparison.Ordinal) + 1)..];
        foreach (var (method, other) in new[]
        {
            ("GET", $"/v1/predictions/{id}?token={token}"), ("GET", $"/v1/predictions?token={token}"), ("GET", $"/v1/files/streams/{id}?token={token}"), ("GET", $"/v1/predictions/{id}/outputs/0.png"),
            ("GET", $"/v1/predictions/{id}/outputs/1.png?token={token}"), ("GET", $"/v1/predictions/{id}/outputs/0.png?token={token[..^1]}{(token[^1] == 'A' ? 'B' : 'A')}"), ("GET", $"/v1/edits/{id}?token={token}"),
            ("POST", $"/v1/predictions/{id}/cancel?token={token}"), ("DELETE", $"/v1/edits/{id}?token={token}"), ("GET", $"/v1/predictions/{id}/outputs/0.png?token={token}&token={token}"),
        })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), other);
            using var answer = await server.Client.SendAsync(request, Token);
            ((int)answer.StatusCode, answer.Headers.WwwAuthenticate.ToString()).ShouldBe((401, "Bearer"), other);
        }
        // With a key, everything is as without a token; a stranger's is no better than none.
        (await owner.GetByteArrayAsync($"/v1/predictions/{id}/outputs/0?token=x", Token)).ShouldBe([1, 2, 3]);
        using var stranger = await server.ClientOfAsync("stranger");
        using var foreign = await stranger.GetAsync($"/v1/predictions/{id}/outputs/0", Token);
        ((int)foreign.StatusCode).ShouldBe(404);
    }

    [Theory]
    [InlineData(null, "unauthorized")]
    [InlineData("r8_123", "key_malformed")]
    public async Task Without_a_good_key_nothing_is_made(string? key, string code)
    {
        using var client = new HttpClient { BaseAddress = server.Client.BaseAddress };
        if (key is not null)
            client.DefaultRequestHeaders.Authorization = new("Bearer", key);

        using var answer = await client.PredictAsync(Input("remove it"));

        var error = await answer.ShouldBeReplicateErrorAsync(401, code, null);
        ((string)error["title"]!).ShouldBe("Unauthenticated");
    }

    [Fact]
    public async Task The_account_is_the_tenant()
    {
        using var owner = await server.ClientOfAsync("acme-inc");

        (await owner.GetStringAsync("/v1/account", Token)).ShouldBe("""{"type":"organization","username":"acme-inc","name":"acme-inc","github_url":null}""");
    }

    [Fact]
    public void A_token_is_good_for_its_time_its_path_and_every_process_of_the_installation()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 27, 0, 0, 0, TimeSpan.Zero));
        var (one, two, other) = (Signer("a", time), Signer("a", time), Signer("b", time));
        var token = one.Sign("acme", "/v1/x")["/v1/x?token=".Length..];

        (one.TenantOf("/v1/x", token), two.TenantOf("/v1/x", token)).ShouldBe(("acme", "acme"));
        (two.TenantOf("/v1/y", token), other.TenantOf("/v1/x", token), Signer(null, time).TenantOf("/v1/x", token)).ShouldBe((null, null, null));
        foreach (var broken in new[] { "", "x", "====", token[..10], token + "AAAA", token[..^4], new string('A', 80), new string('A', 10_000) })
            one.TenantOf("/v1/x", broken).ShouldBeNull(broken);
        time.Advance(TimeSpan.FromMinutes(59));
        one.TenantOf("/v1/x", token).ShouldBe("acme");
        time.Advance(TimeSpan.FromMinutes(1));
        one.TenantOf("/v1/x", token).ShouldBeNull();
    }

    [Fact]
    public void A_token_stays_good_while_the_installations_secret_is_replaced()
    {
        using var folder = new TestFolder();
        var (file, secret, next) = (Path.Combine(folder.Path, "token"), new string('a', 32), new string('b', 32));
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 27, 0, 0, 0, TimeSpan.Zero));
        LinkSigner Reading(params string[] lines)
        {
            File.WriteAllLines(file, lines);
            var options = new InternalOptions { TokenFile = file };
            options.Faults().ShouldBeEmpty(); // Which reads it.
            return new LinkSigner(Options.Create(options), Options.Create(new LinksOptions()), time);
        }
        static string TokenOf(LinkSigner signer) => signer.Sign("acme", "/v1/x")["/v1/x?token=".Length..];
        var (before, meanwhile, after) = (Reading(secret), Reading(next, secret), Reading(next));

        (meanwhile.TenantOf("/v1/x", TokenOf(before)), after.TenantOf("/v1/x", TokenOf(before))).ShouldBe(("acme", null));
        (meanwhile.TenantOf("/v1/x", TokenOf(after)), after.TenantOf("/v1/x", TokenOf(meanwhile))).ShouldBe(("acme", "acme"));
    }

    [Theory]
    [InlineData("edit.example.org", "01:00:00", "FLEXEDIT__Links__PublicUrl is 'edit.example.org'; set it to an absolute http or https URL such as https://edit.example.org.")]
    [InlineData("https://edit.example.org/?a=b", "01:00:00", "FLEXEDIT__Links__PublicUrl is 'https://edit.example.org/?a=b'; set it to an absolute http or https URL such as https://edit.example.org.")]
    [InlineData("https://edit.example.org", "00:00:10", "FLEXEDIT__Links__Lifetime is 00:00:10; set it between 00:01:00 and 7.00:00:00.")]
    public void Settings_say_what_is_wrong_with_them(string url, string lifetime, string fault) =>
        new LinksOptions { PublicUrl = new Uri(url, UriKind.RelativeOrAbsolute), Lifetime = TimeSpan.Parse(lifetime, null) }.Faults().ShouldBe([fault]);

    private static LinkSigner Signer(string? secret, TimeProvider time) =>
        new(Options.Create(new InternalOptions { Token = secret?.PadRight(32, 'x') }), Options.Create(new LinksOptions()), time);

    public sealed class Server : KeyedServer
    {
        protected override IReadOnlyDictionary<string, string?> Settings =>
            new Dictionary<string, string?>(base.Settings) { ["FlexEdit:Links:PublicUrl"] = "https://edit.example.org/base/", ["FlexEdit:Gateway:SubmitTimeout"] = "00:00:30" };
    }
}
