using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using FlexEdit.Tests.EndToEnd.Pictures;
using FlexEdit.Tests.Unit.Gateway.Access;
using Npgsql;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Integration.Hosting;

/// <summary>What is about tenants, in processes of their own.</summary>
public sealed class CloudTenantTests(Cloud cloud) : CloudTest(cloud)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_tenants_limits_hold_over_two_gateways()
    {
        const int Most = 32;
        var set = await Cloud.AdminAsync("tenants", "limits", "limited", "--requests-per-minute", $"{Most}", "--edits-in-flight", "1");
        set.ShouldBe($"limited  {Most} requests a minute  1 edits in flight");
        var key = await Cloud.AdminAsync("keys", "create", "--tenant", "limited");
        var second = Cloud.Start("FlexEdit.Gateway", ("Gateway__SubmitTimeout", "00:00:20"));
        await second.ReadyAsync();
        ServiceProcess[] gateways = [Cloud.Gateway, second];
        var began = Stopwatch.GetTimestamp();

        using var first = await Cloud.SubmitAsync(steps: 50, gateway: gateways[0], key: key);
        using var another = await Cloud.SubmitAsync(steps: 50, gateway: gateways[1], key: key);
        ((int)first.StatusCode, (int)another.StatusCode).ShouldBe((202, 429));
        (await ProblemAsync(another)).ShouldBe("too_many_edits");
        another.Headers.GetValues("RateLimit").Single().ShouldContain("\"edits\";r=0;t=");

        var answers = await Task.WhenAll(Enumerable.Range(0, 3 * Most).Select(i => GetAsync(gateways[i % 2], "/v1/edits", key)));

        var passed = 2 + answers.Count(answer => answer.IsSuccessStatusCode);
        var flowedBack = (int)(Stopwatch.GetElapsedTime(began).TotalMinutes * Most) + 1;
        passed.ShouldBeInRange(Most / 2, Most + flowedBack);
        var refused = answers.Where(answer => !answer.IsSuccessStatusCode).ToArray();
        refused.ShouldNotBeEmpty();
        foreach (var answer in refused)
        {
            ((int)answer.StatusCode, await ProblemAsync(answer)).ShouldBe((429, "too_many_requests"));
            answer.Headers.GetValues("RateLimit").Single().ShouldBe($"\"requests\";r=0;t={answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds}");
        }
        using var unlimited = await Cloud.SubmitAsync();
        ((int)unlimited.StatusCode).ShouldBe(202);
        await Cloud.AdminAsync("tenants", "limits", "limited", "--requests-per-minute", "none", "--edits-in-flight", "default");
        (await Cloud.AdminAsync("tenants", "list")).ShouldContain("limited  none requests a minute  1000 (default) edits in flight");
    }

    [Fact]
    public async Task A_keys_old_secret_is_good_beside_its_new_one_until_it_is_ended()
    {
        var old = await Cloud.AdminAsync("keys", "create", "--tenant", "turning");
        var id = (await Cloud.AdminAsync("keys", "list", "--tenant", "turning")).Split(' ')[0];

        var rotated = await Cloud.AdminAsync("keys", "rotate", id);

        (await StatusAsync(old), await StatusAsync(rotated)).ShouldBe((200, 200));
        (await Cloud.AdminAsync("keys", "list", "--tenant", "turning")).ShouldContain("old secret good until");
        var last = await Cloud.AdminAsync("keys", "rotate", id, "--overlap-hours", "0");
        while (await StatusAsync(old) == 200 || await StatusAsync(rotated) == 200)
            await Task.Delay(TimeSpan.FromMilliseconds(50), Token);
        (await StatusAsync(old), await StatusAsync(rotated), await StatusAsync(last)).ShouldBe((401, 401, 200));
    }

    [Fact]
    public async Task Erases_a_tenant_whose_edits_run()
    {
        var key = await Cloud.AdminAsync("keys", "create", "--tenant", "leaving");
        using var done = await Cloud.SubmitAsync(key: key);
        ((int)done.StatusCode).ShouldBe(202);
        await UntilSucceededAsync(await IdAsync(done), key);
        using (var usage = await GetAsync(Cloud.Gateway, "/v1/usage", key))
            JsonDocument.Parse(await usage.Content.ReadAsStringAsync(Token)).RootElement.GetProperty("data")[0].GetProperty("edits").GetInt64().ShouldBe(1);
        using var running = await Cloud.SubmitAsync(steps: 50, key: key);
        ((int)running.StatusCode).ShouldBe(202);

        var said = await Cloud.AdminAsync("tenants", "erase", "leaving", "--yes");

        said.ShouldContain("2 edits");
        said.ShouldContain("1 keys");
        said.ShouldEndWith("Nothing of tenant leaving is left.");
        (await StatusAsync(key)).ShouldBe(401);
        Directory.Exists(Path.Combine(Cloud.Objects, "tenants", "leaving")).ShouldBeFalse();
        (await RowsAsync("leaving")).ShouldBe(0);
        (await RowsAsync("acme")).ShouldBeGreaterThan(0);
        Cloud.Storage.Log.ShouldContain("Tenant leaving is erased");
    }

    [Fact]
    public async Task Anothers_id_is_answered_as_one_that_nobody_has()
    {
        using var stranger = new HttpClient { BaseAddress = Cloud.Gateway.Address };
        stranger.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await Cloud.AdminAsync("keys", "create", "--tenant", "stranger"));
        var edit = await Cloud.SubmittedAsync();
        await Cloud.EndedAsync(edit);
        using var made = await Cloud.Gateway.Http.PostAsync("/v1/webhooks", new StringContent("""{"url":"https://example.org/"}""", Encoding.UTF8, "application/json"), Token);
        var webhook = await IdAsync(made);
        using var tested = await Cloud.Gateway.Http.PostAsync($"/v1/webhooks/{webhook}/test", null, Token);
        var delivery = await IdAsync(tested);
        using var picture = new ByteArrayContent(Scenes.PhotographPng(51, 52)) { Headers = { ContentType = new MediaTypeHeaderValue("image/png") } };
        using var uploaded = await Cloud.Gateway.Http.PostAsync("/v1/assets", picture, Token);
        var asset = await IdAsync(uploaded);
        using var posted = await Cloud.Gateway.Http.PostAsync("/v1/batches", new StringContent("""{"requests":[{"instruction":"remove it"}]}""", Encoding.UTF8, "application/json"), Token);
        var batch = await IdAsync(posted);

        await new ForeignIds(await File.ReadAllTextAsync(Path.Combine(Checkout.Root, "docs", "openapi.json"), Token), Cloud.Gateway.Http, stranger, (_, path) => path.Split('/')[2] switch
        {
            "edits" => edit,
            "assets" => asset,
            "predictions" => edit,
            "files" => path.Contains("/streams/", StringComparison.Ordinal) ? edit : asset,
            "batches" => batch,
            "webhooks" => webhook,
            "deliveries" => delivery,
            var other => throw new InvalidOperationException($"Make something of the owner's under /v1/{other} here, and try it."),
        }).TryAsync(withOwner: false);
    }

    private static async Task<string> IdAsync(HttpResponseMessage answer) =>
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Token)).RootElement.GetProperty("id").GetString()!;

    private static async Task<string> ProblemAsync(HttpResponseMessage answer) =>
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Token)).RootElement.GetProperty("code").GetString()!;

    private static async Task<HttpResponseMessage> GetAsync(ServiceProcess gateway, string path, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return await gateway.Http.SendAsync(request, Token);
    }

    private async Task<int> StatusAsync(string key)
    {
        using var answer = await GetAsync(Cloud.Gateway, "/v1/edits", key);
        return (int)answer.StatusCode;
    }

    private async Task UntilSucceededAsync(string id, string key)
    {
        while (true)
        {
            using var answer = await GetAsync(Cloud.Gateway, $"/v1/edits/{id}?wait=30", key);
            var status = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Token)).RootElement.GetProperty("status").GetString();
            if (status == "succeeded")
                return;
            status.ShouldBeOneOf("queued", "processing");
        }
    }

    // Over every table that has tenants.
    private async Task<long> RowsAsync(string tenant)
    {
        await using var connection = new NpgsqlConnection(Cloud.Database);
        await connection.OpenAsync(Token);
        var tables = new List<string>();
        await using (var find = new NpgsqlCommand("SELECT table_name FROM information_schema.columns WHERE column_name = 'Tenant' AND table_schema = 'public'", connection))
        await using (var found = await find.ExecuteReaderAsync(Token))
        {
            while (await found.ReadAsync(Token))
                tables.Add(found.GetString(0));
        }
        tables.Count.ShouldBeGreaterThan(8);
        var rows = 0L;
        foreach (var table in tables)
        {
            await using var count = new NpgsqlCommand($"SELECT count(*) FROM \"{table}\" WHERE \"Tenant\" = $1", connection) { Parameters = { new() { Value = tenant } } };
            rows += (long)(await count.ExecuteScalarAsync(Token))!;
        }
        return rows;
    }
}
