using FlexEdit.Tests.Unit.Gateway.Running;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Gateway.Limits;

/// <summary>The limits as a client meets them.</summary>
public sealed class LimitTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Says_on_every_answer_what_is_left_and_refuses_what_is_too_much()
    {
        await using var server = new Server(requests: 4, edits: 0);
        await server.InitializeAsync();

        using (var listed = await server.Client.GetAsync("/v1/edits", Token))
            Headers(listed).ShouldBe(("\"requests\";q=4;w=60", "\"requests\";r=3;t=15"));
        using (var missing = await server.Client.GetAsync("/v1/edits/edt_none", Token))
            (await missing.ShouldBeProblemAsync(404, "not_found", null), Headers(missing)).Item2.ShouldBe(("\"requests\";q=4;w=60", "\"requests\";r=2;t=30"));
        using (var nowhere = await server.Client.GetAsync("/v1/nothing", Token))
            Headers(nowhere).Limit.ShouldStartWith("\"requests\";r=1;t=");
        using (var limits = await server.Client.GetAsync("/v1/limits", Token))
            ((int?)(await limits.BodyAsync())["tenant"]!["requests_per_minute"], (int?)(await limits.BodyAsync())["tenant"]!["edits_in_flight"]).ShouldBe((4, null));

        using var refused = await server.Client.GetAsync("/v1/edits", Token);
        var problem = await refused.ShouldBeProblemAsync(429, "too_many_requests", null);
        ((bool)problem["retryable"]!).ShouldBeTrue();
        var wait = refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds;
        wait.ShouldBeInRange(1, 15);
        Headers(refused).ShouldBe(("\"requests\";q=4;w=60", $"\"requests\";r=0;t={wait}"));

        using var health = await server.Client.GetAsync("/healthz/live", Token);
        health.IsSuccessStatusCode.ShouldBeTrue();
        health.Headers.Contains("RateLimit").ShouldBeFalse();
    }

    [Fact]
    public async Task Refuses_an_edit_that_is_one_too_many_and_says_so()
    {
        await using var server = new Server(requests: 0, edits: 1);
        await server.InitializeAsync();
        using (var form = Answers.GoodForm())
        using (var taken = await server.Client.PostEditAsync(form))
        {
            taken.StatusCode.ShouldBe(202);
            Headers(taken).ShouldBe(("\"edits\";q=1;qu=\"concurrent-requests\"", null));
        }

        using var another = Answers.GoodForm();
        using var refused = await server.Client.PostEditAsync(another);

        await refused.ShouldBeProblemAsync(429, "too_many_edits", null);
        Headers(refused).ShouldBe(("\"edits\";q=1;qu=\"concurrent-requests\"", $"\"edits\";r=0;t={refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds}"));
    }

    [Fact]
    public async Task Says_nothing_where_there_are_no_limits()
    {
        await using var server = new Server(requests: 0, edits: 0);
        await server.InitializeAsync();

        using var answer = await server.Client.GetAsync("/v1/edits", Token);

        Headers(answer).ShouldBe((null, null));
    }

    [Fact]
    public async Task States_every_limit()
    {
        await using var server = new Server(requests: 3000, edits: 1000);
        await server.InitializeAsync();

        using var answer = await server.Client.GetAsync("/v1/limits", Token);

        var limits = await answer.BodyAsync();
        limits.Select(member => member.Key).ShouldBe(
            ["picture", "instruction", "mask_shapes", "metadata", "results", "request", "batch", "tenant", "edits", "retention", "webhooks", "object"], ignoreOrder: true);
        ((int)limits["edits"]!["max_attempts"]!, (double)limits["edits"]!["lease_seconds"]!, (double)limits["edits"]!["queue_seconds"]!, (double)limits["edits"]!["run_seconds"]!,
            (double)limits["edits"]!["approval_seconds"]!).ShouldBe((3, 60, 3600, 600, 86_400));
        ((double)limits["retention"]!["edit_seconds"]!, (double)limits["retention"]!["asset_seconds"]!, (double)limits["retention"]!["idempotency_key_seconds"]!,
            (double)limits["retention"]!["delivery_seconds"]!, (double)limits["picture"]!["fetch_seconds"]!).ShouldBe((7 * 86_400, 7 * 86_400, 86_400, 30 * 86_400, 10));
        ((int)limits["webhooks"]!["max_endpoints"]!, (double)limits["webhooks"]!["timeout_seconds"]!, limits["webhooks"]!["retry_seconds"]!.AsArray().Count).ShouldBe((50, 15, 9));
    }

    private static (string? Policy, string? Limit) Headers(HttpResponseMessage answer) => (Header(answer, "RateLimit-Policy"), Header(answer, "RateLimit"));

    private static string? Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? values.Single() : null;

    private sealed class Server(int requests, int edits) : GatewayServer
    {
        protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
        {
            ["FlexEdit:Limits:RequestsPerMinute"] = $"{requests}",
            ["FlexEdit:Limits:EditsInFlight"] = $"{edits}",
        };
    }
}
