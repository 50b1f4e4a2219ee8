using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FlexEdit.Storage.Webhooks.Delivering;
using FlexEdit.Tests.Unit.Storage;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Integration.Hosting;

public sealed class CloudTests(Cloud cloud) : CloudTest(cloud)
{
    [Fact]
    public async Task Edits_a_picture_in_four_processes()
    {
        var job = await Cloud.EndedAsync(await Cloud.SubmittedAsync());

        Cloud.StatusOf(job).ShouldBe("succeeded", customMessage: job.ToString());
        job.GetProperty("outputs")[0].GetProperty("preservation").GetProperty("changed_outside").GetInt32().ShouldBe(0);
        using var output = await Cloud.Gateway.Http.GetAsync(job.GetProperty("outputs")[0].GetProperty("url").GetString(), TestContext.Current.CancellationToken);
        output.IsSuccessStatusCode.ShouldBeTrue();
    }

    [Fact]
    public async Task Runs_an_edit_again_with_the_same_pixels()
    {
        var id = await Cloud.SubmittedAsync();
        var first = await Cloud.EndedAsync(id);
        using var body = new StringContent($$"""{"replay_of":"{{id}}"}""", System.Text.Encoding.UTF8, "application/json");

        using var answer = await Cloud.Gateway.Http.PostAsync("/v1/edits", body, TestContext.Current.CancellationToken);

        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        ((int)answer.StatusCode).ShouldBe(202, customMessage: text);
        var again = await Cloud.EndedAsync(JsonDocument.Parse(text).RootElement.GetProperty("id").GetString()!);
        again.GetProperty("replay").GetRawText().ShouldBe($$"""{"of":"{{id}}","pixels_match":true}""");
        again.GetProperty("outputs")[0].GetProperty("picture_sha256").GetString().ShouldBe(first.GetProperty("outputs")[0].GetProperty("picture_sha256").GetString());
    }

    [Fact]
    public async Task Tells_an_endpoint_that_was_made_through_the_gateway()
    {
        var token = TestContext.Current.CancellationToken;
        await using var receiver = new WebhookReceiver();
        using var made = await Cloud.Gateway.Http.PostAsJsonAsync("/v1/webhooks", new { url = receiver.Url, events = new[] { "edit.succeeded" } }, token);
        made.StatusCode.ShouldBe(HttpStatusCode.Created);
        var path = made.Headers.Location!.OriginalString;

        var id = await Cloud.SubmittedAsync();
        await receiver.ArrivedAsync(token);

        var call = receiver.Calls.ShouldHaveSingleItem();
        (call.Type, call.Json.GetProperty("data").GetProperty("id").GetString()).ShouldBe(("edit.succeeded", id));
        var secret = (await made.Content.ReadFromJsonAsync<JsonElement>(token)).GetProperty("secret").GetString()!;
        call.Headers["webhook-signature"].ShouldBe(Signature.Of(call.Id, long.Parse(call.Headers["webhook-timestamp"], CultureInfo.InvariantCulture), call.Body, [secret]));
        (await Cloud.Gateway.Http.GetStringAsync("/.well-known/jwks.json", token)).ShouldBe("""{"keys":[]}""");
        (await Cloud.Gateway.Http.GetFromJsonAsync<JsonElement>($"{path}/deliveries", token)).GetProperty("data")[0].GetProperty("message_id").GetString().ShouldBe(call.Id);
        using var removed = await Cloud.Gateway.Http.DeleteAsync(path, token);
        removed.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Asks_for_a_key_and_says_what_is_wrong_with_one()
    {
        var key = await Cloud.AdminAsync("keys", "create", "--tenant", "other", "--scope", "edits:read");
        var id = (await Cloud.AdminAsync("keys", "list")).Split('\n').Single(line => line.Contains(" other ", StringComparison.Ordinal)).Split(' ')[0];

        (await AskAsync(null)).ShouldBe((401, "unauthorized"));
        (await AskAsync(key[..^1] + (key[^1] == '7' ? '8' : '7'))).ShouldBe((401, "key_malformed"));
        (await AskAsync(FlexEdit.Contracts.Keys.ApiKey.New())).ShouldBe((401, "key_unknown"));
        (await AskAsync(key)).ShouldBe((200, null));
        (await AskAsync(key, HttpMethod.Post)).ShouldBe((403, "scope_missing"));

        await Cloud.AdminAsync("keys", "revoke", id);
        var revoked = Stopwatch.GetTimestamp();
        while ((await AskAsync(key)).Status == 200)
            Stopwatch.GetElapsedTime(revoked).ShouldBeLessThan(TimeSpan.FromSeconds(5));
        (await AskAsync(key)).ShouldBe((401, "key_unknown"));
    }

    [Fact]
    public async Task Takes_from_each_models_queue_as_many_messages_as_there_are_slots()
    {
        JsonElement[] Ours(JsonElement consumers, string stage) =>
            [.. consumers.EnumerateArray().Where(c => c.GetProperty("queue").GetProperty("name").GetString() == $"{stage}-edit.{Cloud.Model}")];
        var consumers = await ToldAsync($"consumers/{Cloud.Host}", c => Ours(c, "understand").Length > 0 && Ours(c, "generate").Length > 0);

        Ours(consumers, "understand").ShouldHaveSingleItem().GetProperty("prefetch_count").GetInt32().ShouldBe(2);
        Ours(consumers, "generate").ShouldHaveSingleItem().GetProperty("prefetch_count").GetInt32().ShouldBe(4);
        foreach (var stage in new[] { "understand", "generate" })
        {
            var queue = await ToldAsync($"queues/{Cloud.Host}/{stage}-edit.{Cloud.Model}", q => q.TryGetProperty("type", out _) && q.TryGetProperty("policy", out _));
            (queue.GetProperty("type").GetString(), queue.GetProperty("policy").GetString()).ShouldBe(("quorum", "flexedit-commands"));
        }
    }

    // The broker's statistics lag a few seconds behind.
    private async Task<JsonElement> ToldAsync(string path, Func<JsonElement, bool> isThere)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        for (var tries = 0; ; tries++)
        {
            var told = await Cloud.Broker.GetAsync(path);
            if (isThere(told) || tries == 150)
                return told;
            await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Gives_back_what_it_paints_at_a_step_when_told_to_end_and_another_worker_goes_on_without_an_attempt_less()
    {
        var id = await Cloud.SubmittedAsync(steps: 50);
        await Cloud.UntilAsync(id, IsPainting);

        var (exitCode, took) = await Cloud.Generation.TerminateAsync();

        (exitCode, took < TimeSpan.FromSeconds(25)).ShouldBe((0, true), customMessage: $"{took}\n{Cloud.Generation.Log}");
        Cloud.StatusOf(await Cloud.JobAsync(id)).ShouldBe("processing");
        await Cloud.ReplaceGenerationAsync();
        var job = await Cloud.EndedAsync(id);
        Cloud.StatusOf(job).ShouldBe("succeeded", customMessage: job.ToString());
        Outcomes(job, "generating").ShouldBe(["released", "ok"]);
    }

    [Fact]
    public async Task Lets_go_of_what_it_reads_when_told_to_end_and_another_worker_reads_it_without_an_attempt_less()
    {
        await Cloud.Understanding.TerminateAsync();
        await Cloud.ReplaceUnderstandingAsync(("Understanding__Simulation__StepTime", "00:00:40"));
        var id = await Cloud.SubmittedAsync();
        await Cloud.UntilAsync(id, job => job.GetProperty("status").GetString() == "processing");

        var (exitCode, took) = await Cloud.Understanding.TerminateAsync();

        (exitCode, took < TimeSpan.FromSeconds(25)).ShouldBe((0, true), customMessage: $"{took}\n{Cloud.Understanding.Log}");
        await Cloud.ReplaceUnderstandingAsync();
        var job = await Cloud.EndedAsync(id);
        Cloud.StatusOf(job).ShouldBe("succeeded", customMessage: job.ToString());
        Outcomes(job, "understanding").ShouldBe(["released", "ok"]);
    }

    [Fact]
    public async Task An_idle_worker_ends_at_once()
    {
        await Cloud.EndedAsync(await Cloud.SubmittedAsync());

        var (exitCode, took) = await Cloud.Understanding.TerminateAsync();

        (exitCode, took < TimeSpan.FromSeconds(10)).ShouldBe((0, true), customMessage: $"{took}\n{Cloud.Understanding.Log}");
    }

    [Fact]
    public async Task Cancels_what_waits_what_runs_and_nothing_that_has_ended()
    {
        var painting = await Cloud.SubmittedAsync(steps: 50);
        var next = await Cloud.SubmittedAsync();
        await Cloud.UntilAsync(painting, IsPainting);

        await CancelAsync(painting);
        await CancelAsync(next);
        var done = await Cloud.EndedAsync(await Cloud.SubmittedAsync());
        await CancelAsync(done.GetProperty("id").GetString()!);

        var canceled = await Cloud.EndedAsync(painting);
        Cloud.StatusOf(canceled).ShouldBe("canceled");
        canceled.GetProperty("cancellation").GetProperty("steps_run").GetInt32().ShouldBeInRange(1, 49);
        canceled.GetProperty("outputs").GetArrayLength().ShouldBe(0);
        OneEnd(await Cloud.EndedAsync(next));
        Cloud.StatusOf(await Cloud.JobAsync(done.GetProperty("id").GetString()!)).ShouldBe("succeeded");
    }

    [Fact]
    public async Task Cancels_at_any_moment_with_one_end_and_never_another_edit()
    {
        // Moments from before the claim to after the end.
        var moments = new[] { 0, 40, 80, 160, 320, 640, 1200, 2000 };
        var edits = new List<(string Canceled, string Neighbour)>();
        foreach (var moment in moments)
        {
            var canceled = await Cloud.SubmittedAsync(steps: 4);
            var neighbour = await Cloud.SubmittedAsync(steps: 2);
            edits.Add((canceled, neighbour));
            var began = Stopwatch.GetTimestamp();
            await Cloud.UntilAsync(canceled, _ => Stopwatch.GetElapsedTime(began).TotalMilliseconds >= moment);
            await CancelAsync(canceled);
        }

        foreach (var (canceled, neighbour) in edits)
        {
            OneEnd(await Cloud.EndedAsync(canceled));
            Cloud.StatusOf(await Cloud.EndedAsync(neighbour)).ShouldBe("succeeded");
        }
    }

    [Fact]
    public async Task Refuses_within_two_seconds_while_the_broker_is_away_reads_on_and_goes_on_by_itself()
    {
        var before = await Cloud.EndedAsync(await Cloud.SubmittedAsync());
        await using var usual = Cloud.Start("FlexEdit.Gateway");
        await usual.ReadyAsync();
        using (await Cloud.SubmitAsync(gateway: usual))
        {
        }
        var running = await Cloud.SubmittedAsync(steps: 50);
        await Cloud.UntilAsync(running, IsPainting);
        await Cloud.Broker.KillAsync();
        try
        {
            var began = Stopwatch.GetTimestamp();
            using var refused = await Cloud.SubmitAsync(gateway: usual);
            var took = Stopwatch.GetElapsedTime(began);

            refused.StatusCode.ShouldBe(System.Net.HttpStatusCode.ServiceUnavailable);
            refused.Headers.RetryAfter.ShouldNotBeNull();
            took.ShouldBeLessThan(TimeSpan.FromSeconds(3)); // The second above two is for a loaded machine.
            Cloud.StatusOf(await Cloud.JobAsync(before.GetProperty("id").GetString()!)).ShouldBe("succeeded");
            (await Cloud.Gateway.ReadinessAsync(TestContext.Current.CancellationToken)).ShouldBe(200);
            Cloud.StatusOf(await Cloud.EndedAsync(running)).ShouldBe("succeeded");
        }
        finally
        {
            await Cloud.Broker.StartAgainAsync();
        }

        await SubmitsAgainAsync();
        await AllEndAsync(among: 4); // Nothing is left behind.
    }

    private async Task<(int Status, string? Code)> AskAsync(string? key, HttpMethod? method = null)
    {
        using var http = new HttpClient { BaseAddress = Cloud.Gateway.Address };
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, "/v1/edits");
        if (key is not null)
            request.Headers.Add("X-Api-Key", key);
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
        return ((int)answer.StatusCode, body.TryGetProperty("code", out var code) ? code.GetString() : null);
    }

    private async Task SubmitsAgainAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            using var answer = await Cloud.SubmitAsync();
            if ((int)answer.StatusCode == 202)
            {
                var text = await answer.Content.ReadAsStringAsync(limit.Token);
                Cloud.StatusOf(await Cloud.EndedAsync(JsonDocument.Parse(text).RootElement.GetProperty("id").GetString()!)).ShouldBe("succeeded");
                return;
            }
            limit.Token.ThrowIfCancellationRequested();
        }
    }

    private async Task AllEndAsync(int among)
    {
        var text = await Cloud.Gateway.Http.GetStringAsync($"/v1/edits?limit={among}", TestContext.Current.CancellationToken);
        foreach (var job in JsonDocument.Parse(text).RootElement.GetProperty("data").EnumerateArray())
            await Cloud.EndedAsync(job.GetProperty("id").GetString()!);
    }

    private async Task CancelAsync(string id) =>
        (await Cloud.Gateway.Http.PostAsync($"/v1/edits/{id}/cancel", null, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();

    private static bool IsPainting(JsonElement job) =>
        job.GetProperty("progress") is { ValueKind: JsonValueKind.Object } progress && progress.GetProperty("step").GetInt32() >= 1;

    private static string?[] Outcomes(JsonElement job, string stage) =>
        [.. job.GetProperty("attempts").EnumerateArray().Where(a => a.GetProperty("stage").GetString() == stage).Select(a => a.GetProperty("outcome").GetString())];

    // Canceled with a receipt and no picture, or the real result without one.
    private static void OneEnd(JsonElement job)
    {
        var isCanceled = Cloud.StatusOf(job) == "canceled";
        Cloud.StatusOf(job).ShouldBeOneOf("canceled", "succeeded");
        (job.GetProperty("cancellation").ValueKind == JsonValueKind.Object).ShouldBe(isCanceled);
        (job.GetProperty("outputs").GetArrayLength() == 0).ShouldBe(isCanceled);
    }
}
