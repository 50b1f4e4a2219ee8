using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using FlexEdit.Storage.Webhooks.Delivering;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Storage;

/// <summary>The public API of webhooks over HTTP.</summary>
public sealed class WebhookApiTests : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private readonly WebhookReceiver _receiver = new();
    private StorageServer? _server;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private HttpClient Client => _server!.Client;

    public async ValueTask InitializeAsync() =>
        _server = await StorageServer.StartAsync(_folder, ("Webhooks:AllowPrivateTargets", "true"), ("Webhooks:Interval", "00:00:00.020"));

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        await _receiver.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Makes_shows_lists_changes_and_removes_an_endpoint()
    {
        var (status, made) = await SendAsync(HttpMethod.Post, "/v1/webhooks", new { url = "https://example.com/hook", events = new[] { "edit.succeeded" } });

        status.ShouldBe(201);
        made.EnumerateObject().Select(field => field.Name).ShouldBe(["id", "object", "url", "events", "enabled", "disabled_reason", "secret", "failing_since", "created_at"]);
        var id = made.GetProperty("id").GetString()!;
        id.ShouldStartWith("whe_");
        Convert.FromBase64String(made.GetProperty("secret").GetString()!["whsec_".Length..]).Length.ShouldBe(32);

        var (_, shown) = await SendAsync(HttpMethod.Get, $"/v1/webhooks/{id}");
        shown.TryGetProperty("secret", out _).ShouldBeFalse();
        (shown.GetProperty("object").GetString(), shown.GetProperty("enabled").GetBoolean()).ShouldBe(("webhook", true));

        var (_, changed) = await SendAsync(HttpMethod.Patch, $"/v1/webhooks/{id}", new { enabled = false, events = new[] { "*" }, url = "https://example.com/other" });
        (changed.GetProperty("enabled").GetBoolean(), changed.GetProperty("events")[0].GetString(), changed.GetProperty("url").GetString())
            .ShouldBe((false, "*", "https://example.com/other"));

        var (_, second) = await SendAsync(HttpMethod.Post, "/v1/webhooks", new { url = "https://example.com/second" });
        var (_, page) = await SendAsync(HttpMethod.Get, "/v1/webhooks?limit=1");
        (page.GetProperty("data")[0].GetProperty("id").GetString(), page.GetProperty("has_more").GetBoolean()).ShouldBe((second.GetProperty("id").GetString(), true));
        var (_, next) = await SendAsync(HttpMethod.Get, $"/v1/webhooks?limit=1&after={page.GetProperty("next").GetString()}");
        (next.GetProperty("data")[0].GetProperty("id").GetString(), next.GetProperty("has_more").GetBoolean()).ShouldBe((id, false));

        (await SendAsync(HttpMethod.Delete, $"/v1/webhooks/{id}")).Status.ShouldBe(204);
        (await SendAsync(HttpMethod.Get, $"/v1/webhooks/{id}")).Status.ShouldBe(404);
    }

    [Theory]
    [InlineData("""{"url":"https://example.com/","events":["edit.exploded"]}""", 422, "webhook_invalid")]
    [InlineData("""{"url":"ftp://example.com/"}""", 422, "webhook_invalid")]
    [InlineData("""{}""", 422, "webhook_invalid")]
    [InlineData("""{"url":"https://example.com/","colour":"red"}""", 422, "unknown_field")]
    [InlineData("""{"url":7}""", 400, "malformed")]
    [InlineData("""{"url":"https://example.com/","url":"https://example.org/"}""", 400, "malformed")]
    [InlineData("""{"url":"https://example.com/","events":"edit.succeeded"}""", 400, "malformed")]
    [InlineData("""{"url":"\ud800"}""", 400, "malformed")]
    [InlineData("""[]""", 400, "malformed")]
    [InlineData("""{"url":""", 400, "malformed")]
    public async Task Refuses_what_makes_no_endpoint(string body, int status, string code)
    {
        using var answer = await Client.PostAsync("/v1/webhooks", new StringContent(body, Encoding.UTF8, "application/json"), Token);

        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Token);
        ((int)answer.StatusCode, problem.GetProperty("code").GetString()).ShouldBe((status, code), problem.ToString());
    }

    [Fact]
    public async Task Another_tenants_endpoints_and_deliveries_do_not_exist_on_any_verb()
    {
        var id = (await SendAsync(HttpMethod.Post, "/v1/webhooks", new { url = _receiver.Url })).Body.GetProperty("id").GetString()!;
        await _server!.SucceededAsync();
        var delivery = (await DeliveriesAsync(id, 2))[0].GetProperty("id").GetString()!;
        using var other = _server.ClientOf("somebody-else");

        (HttpMethod Method, string Path, object? Body)[] calls =
        [
            (HttpMethod.Get, $"/v1/webhooks/{id}", null),
            (HttpMethod.Patch, $"/v1/webhooks/{id}", new { enabled = false }),
            (HttpMethod.Delete, $"/v1/webhooks/{id}", null),
            (HttpMethod.Post, $"/v1/webhooks/{id}/rotate", null),
            (HttpMethod.Post, $"/v1/webhooks/{id}/test", null),
            (HttpMethod.Get, $"/v1/webhooks/{id}/deliveries", null),
            (HttpMethod.Post, $"/v1/webhooks/{id}/replay", new { since = "2020-01-01T00:00:00Z" }),
            (HttpMethod.Get, $"/v1/deliveries/{delivery}", null),
            (HttpMethod.Post, $"/v1/deliveries/{delivery}/replay", null),
        ];
        foreach (var (method, path, body) in calls)
            (await SendAsync(method, path, body, other)).Status.ShouldBe(404, $"{method} {path}");
        (await SendAsync(HttpMethod.Get, "/v1/webhooks", client: other)).Body.GetProperty("data").GetArrayLength().ShouldBe(0);
        (await SendAsync(HttpMethod.Get, $"/v1/webhooks/{id}")).Body.GetProperty("enabled").GetBoolean().ShouldBeTrue();
        _receiver.Calls.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Signs_with_both_secrets_while_one_is_rotated()
    {
        var (_, made) = await SendAsync(HttpMethod.Post, "/v1/webhooks", new { url = _receiver.Url });
        var path = $"/v1/webhooks/{made.GetProperty("id").GetString()}";
        var old = made.GetProperty("secret").GetString()!;

        var fresh = (await SendAsync(HttpMethod.Post, $"{path}/rotate")).Body.GetProperty("secret").GetString()!;
        await SendAsync(HttpMethod.Post, $"{path}/test");
        var last = (await SendAsync(HttpMethod.Post, $"{path}/rotate", new { overlap_seconds = 0 })).Body.GetProperty("secret").GetString()!;
        await SendAsync(HttpMethod.Post, $"{path}/test");

        _receiver.Calls.Select(SignedWith).ShouldBe([[fresh, old], [last]]);

        string[] SignedWith(ReceivedCall call) =>
            [.. call.Headers["webhook-signature"].Split(' ').Select(signature => new[] { old, fresh, last }.Single(secret =>
                Signature.Of(call.Id, long.Parse(call.Headers["webhook-timestamp"], null), call.Body, [secret]) == signature))];
    }

    [Fact]
    public async Task Shows_and_rotates_the_secret_of_edits_own_urls()
    {
        var first = (await SendAsync(HttpMethod.Get, "/v1/webhooks/default/secret")).Body.GetProperty("secret").GetString();
        (await SendAsync(HttpMethod.Get, "/v1/webhooks/default/secret")).Body.GetProperty("secret").GetString().ShouldBe(first);

        var second = (await SendAsync(HttpMethod.Post, "/v1/webhooks/default/rotate")).Body.GetProperty("secret").GetString();

        second.ShouldNotBe(first);
        (await SendAsync(HttpMethod.Get, "/v1/webhooks/default/secret")).Body.GetProperty("secret").GetString().ShouldBe(second);
        using var other = _server!.ClientOf("somebody-else");
        (await SendAsync(HttpMethod.Get, "/v1/webhooks/default/secret", client: other)).Body.GetProperty("secret").GetString().ShouldNotBe(second);
    }

    [Fact]
    public async Task A_test_is_sent_once_and_says_what_came_of_it()
    {
        var id = (await SendAsync(HttpMethod.Post, "/v1/webhooks", new { url = _receiver.Url, events = new[] { "edit.failed" } })).Body.GetProperty("id").GetString()!;
        _receiver.Script = WebhookReceiver.Answers(418, "teapot");

        var (status, delivery) = await SendAsync(HttpMethod.Post, $"/v1/webhooks/{id}/test");

        status.ShouldBe(200);
        delivery.EnumerateObject().Select(field => field.Name).ShouldBe(["id", "object", "webhook", "event", "message_id", "state", "next_attempt_at", "attempts", "created_at"]);
        (delivery.GetProperty("event").GetString(), delivery.GetProperty("state").GetString()).ShouldBe(("webhook.test", "failed"));
        var attempt = delivery.GetProperty("attempts").EnumerateArray().ShouldHaveSingleItem();
        (attempt.GetProperty("status").GetInt32(), attempt.GetProperty("response").GetString()).ShouldBe((418, "teapot"));
        _receiver.Calls.ShouldHaveSingleItem().Id.ShouldBe(delivery.GetProperty("message_id").GetString());
        (await SendAsync(HttpMethod.Get, $"/v1/webhooks/{id}")).Body.GetProperty("failing_since").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Replays_one_delivery_and_a_range_under_the_same_ids_in_order()
    {
        var id = (await SendAsync(HttpMethod.Post, "/v1/webhooks", new { url = _receiver.Url })).Body.GetProperty("id").GetString()!;
        await _server!.SucceededAsync();
        var deliveries = await DeliveriesAsync(id, 2);
        var ids = _receiver.Calls.Select(call => call.Id).ToArray();

        (await SendAsync(HttpMethod.Post, $"/v1/deliveries/{deliveries[0].GetProperty("id").GetString()}/replay")).Status.ShouldBe(202);
        await CallsAsync(3);
        _receiver.Calls[2].Id.ShouldBe(ids[1]);
        await DeliveriesAsync(id, 2);

        var (status, replay) = await SendAsync(HttpMethod.Post, $"/v1/webhooks/{id}/replay", new { since = "2020-01-01T00:00:00Z" });
        (status, replay.GetProperty("deliveries").GetInt32()).ShouldBe((202, 2));
        await CallsAsync(5);
        _receiver.Calls.Skip(3).Select(call => call.Id).ShouldBe(ids);
        (await DeliveriesAsync(id, 2)).ShouldAllBe(delivery => delivery.GetProperty("attempts").GetArrayLength() >= 2);

        (await SendAsync(HttpMethod.Post, $"/v1/webhooks/{id}/replay", new { since = "2020-01-01T00:00:00Z", until = "2020-01-02T00:00:00Z" })).Body.GetProperty("deliveries").GetInt32().ShouldBe(0);
        (await SendAsync(HttpMethod.Post, $"/v1/webhooks/{id}/replay", new { })).Status.ShouldBe(400);
        (await SendAsync(HttpMethod.Post, $"/v1/webhooks/{id}/replay", new { since = "yesterday" })).Status.ShouldBe(400);
    }

    [Fact]
    public async Task What_happened_while_an_endpoint_was_disabled_is_there_for_a_replay()
    {
        var id = (await SendAsync(HttpMethod.Post, "/v1/webhooks", new { url = _receiver.Url })).Body.GetProperty("id").GetString()!;
        await SendAsync(HttpMethod.Patch, $"/v1/webhooks/{id}", new { enabled = false });
        await _server!.SucceededAsync();
        (await SendAsync(HttpMethod.Get, $"/v1/webhooks/{id}/deliveries?state=skipped")).Body.GetProperty("data").GetArrayLength().ShouldBe(2);
        (await SendAsync(HttpMethod.Post, $"/v1/webhooks/{id}/replay", new { since = "2020-01-01T00:00:00Z" })).Status.ShouldBe(409);

        await SendAsync(HttpMethod.Patch, $"/v1/webhooks/{id}", new { enabled = true });
        await SendAsync(HttpMethod.Post, $"/v1/webhooks/{id}/replay", new { since = "2020-01-01T00:00:00Z" });
        await CallsAsync(2);

        _receiver.Calls.Select(call => call.Type).ShouldBe(["edit.started", "edit.succeeded"]);
    }

    [Fact]
    public async Task A_tenant_has_a_bounded_number_of_endpoints()
    {
        await using var server = await StorageServer.StartAsync(_folder, ("Webhooks:PerTenant", "1"));
        await SendAsync(HttpMethod.Post, "/v1/webhooks", new { url = "https://example.com/" }, server.Client);

        var (status, problem) = await SendAsync(HttpMethod.Post, "/v1/webhooks", new { url = "https://example.com/" }, server.Client);

        (status, problem.GetProperty("code").GetString()).ShouldBe((422, "webhook_limit"));
    }

    private async Task CallsAsync(int count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (_receiver.Calls.Count < count)
            await Task.Delay(20, limit.Token);
    }

    // The endpoint's deliveries once that many have been delivered.
    private async Task<JsonElement[]> DeliveriesAsync(string id, int count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            var data = (await SendAsync(HttpMethod.Get, $"/v1/webhooks/{id}/deliveries?state=delivered")).Body.GetProperty("data");
            if (data.GetArrayLength() == count)
                return [.. data.EnumerateArray()];
            await Task.Delay(20, limit.Token);
        }
    }

    private async Task<(int Status, JsonElement Body)> SendAsync(HttpMethod method, string path, object? body = null, HttpClient? client = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await (client ?? Client).SendAsync(request, Token);
        return ((int)answer.StatusCode, answer.StatusCode == HttpStatusCode.NoContent ? default : await answer.Content.ReadFromJsonAsync<JsonElement>(Token));
    }
}
