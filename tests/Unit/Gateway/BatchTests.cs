using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using FlexEdit.Tests.Unit.Gateway.Running;
using Shouldly;
using Xunit;
using static FlexEdit.Tests.Unit.Gateway.Running.Answers;

namespace FlexEdit.Tests.Unit.Gateway;

public sealed class BatchTests(BatchTests.Server server) : IClassFixture<BatchTests.Server>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("jsonl")]
    [InlineData("form")]
    [InlineData("json")]
    public async Task Makes_an_edit_of_each_line_however_they_are_sent(string how)
    {
        var lines = new[] { Line("one", 1), Line("two", 2), Line(null, 3) };

        using var answer = how switch
        {
            "jsonl" => await PostAsync("\uFEFF" + string.Join("\r\n\r\n", lines)),
            "form" => await server.Client.PostAsync("/v1/batches", Form(("file", Encoding.UTF8.GetBytes(string.Join('\n', lines)))), Token),
            _ => await server.Client.PostAsync("/v1/batches", Json($"{{\"requests\": [\n{string.Join(",\n ", lines)} ] }}"), Token),
        };
        answer.StatusCode.ShouldBe(202);
        var batch = await answer.BodyAsync();
        answer.Headers.Location!.ToString().ShouldBe($"/v1/batches/{batch["id"]}");
        ((string)batch["object"]!, (string)batch["status"]!, (int)batch["lines"]!).ShouldBe(("batch", "processing", 3));
        var id = (string)batch["id"]!;
        // There are no workers: cancel what has become an edit.
        await UntilAsync(id, now => Edits(now) == 3);
        using var canceled = await server.Client.PostAsync($"/v1/batches/{id}/cancel", null, Token);
        ((string)(await canceled.BodyAsync())["status"]!).ShouldBe("canceled");

        var results = await ResultsAsync(id);
        results.Select(line => (string?)line["custom_id"]).ShouldBe(["one", "two", null]);
        results.Select(line => (int)line["edit"]!["options"]!["seed"]!).ShouldBe([1, 2, 3]);
        server.UploadsLeft.ShouldBeEmpty();
    }

    // Groups 27, 28, 32 and 40, a line each.
    [Fact]
    public async Task A_bad_line_fails_alone()
    {
        string[] lines =
        [
            "{", "[1]", "7", "null", "\"text\"", "{\"n\":1,\"n\":2}", Line("again", 1) + "{}", new string('[', 5000), "{\"__proto__\":{}}", "{\"tenant\":\"other\"}",
            """{"custom_id":7}""", """{"instruction":"\ud800"}""", """{"scene":"ast_none","mask_shapes":[],"instruction":"a"}""", """{"scene":"http://127.0.0.1/","mask_shapes":[],"instruction":"a"}""",
            Line("bad n", 1).Replace("\"seed\"", "\"n\":1000,\"seed\"", StringComparison.Ordinal), Line("good", 5),
        ];

        using var answer = await PostAsync(string.Join('\n', lines));
        var id = (string)(await answer.BodyAsync())["id"]!;
        await UntilAsync(id, now => (int)now["counts"]!["failed"]! == lines.Length - 1 && Edits(now) == lines.Length);
        (await server.Client.PostAsync($"/v1/batches/{id}/cancel", null, Token)).StatusCode.ShouldBe(200);

        var results = await ResultsAsync(id);
        results.Count.ShouldBe(lines.Length);
        results[^1]["edit"]!["object"]!.ToString().ShouldBe("edit");
        results.SkipLast(1).ShouldAllBe(line => line["edit"] == null && (int)line["error"]!["status"]! >= 400 && (int)line["error"]!["status"]! < 500);
        string CodeOf(int line) => (string)results[line - 1]["error"]!["code"]!;
        (CodeOf(1), CodeOf(6), CodeOf(9), CodeOf(11), CodeOf(12), CodeOf(13), CodeOf(14), CodeOf(15))
            .ShouldBe(("malformed", "malformed", "unknown_field", "malformed", "instruction_invalid", "unknown_asset", "invalid_url", "option_out_of_range"));
    }

    [Theory]
    [InlineData("application/jsonl", "", 422, "batch_empty", null)]
    [InlineData("application/jsonl", "\n \r\n\t\n", 422, "batch_empty", null)]
    [InlineData("application/json", "", 400, "malformed", null)]
    [InlineData("application/json", "{}", 400, "malformed", "requests")]
    [InlineData("application/json", "[]", 400, "malformed", "requests")]
    [InlineData("application/json", "{\"requests\":[]}", 422, "batch_empty", null)]
    [InlineData("application/json", "{\"requests\":[{}],\"tenant\":1}", 400, "malformed", "requests")]
    [InlineData("application/json", "{\"requests\":[{}]}{}", 400, "malformed", null)]
    [InlineData("application/json", "{\"requests\":[{}", 400, "malformed", null)]
    [InlineData("text/csv", "{}", 415, "unsupported_media_type", null)]
    public async Task Refuses_a_body_that_is_no_batch(string type, string body, int status, string code, string? param)
    {
        using var content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(type));
        using var answer = await server.Client.PostAsync("/v1/batches", content, Token);
        await answer.ShouldBeProblemAsync(status, code, param);
        server.UploadsLeft.ShouldBeEmpty();
    }

    [Fact]
    public async Task Refuses_more_lines_than_are_allowed()
    {
        using var answer = await PostAsync(string.Join('\n', Enumerable.Repeat("{}", 101)));
        await answer.ShouldBeProblemAsync(413, "payload_too_large", null);
        using var json = await server.Client.PostAsync("/v1/batches", Json($"{{\"requests\":[{string.Join(',', Enumerable.Repeat("{}", 101))}]}}"), Token);
        await json.ShouldBeProblemAsync(413, "payload_too_large", null);
    }

    [Fact]
    public async Task The_same_request_with_the_same_key_is_the_same_batch()
    {
        using var first = await PostAsync(Line("k", 1), "batch-key");
        using var second = await PostAsync(Line("k", 1), "batch-key");
        using var other = await PostAsync(Line("k", 2), "batch-key");

        var id = (string)(await first.BodyAsync())["id"]!;
        ((string)(await second.BodyAsync())["id"]!).ShouldBe(id);
        second.Headers.GetValues("Idempotency-Replayed").ShouldBe(["true"]);
        await other.ShouldBeProblemAsync(422, "idempotency_key_reused", "Idempotency-Key");
        (await server.Client.PostAsync($"/v1/batches/{id}/cancel", null, Token)).StatusCode.ShouldBe(200);
    }

    // Groups 46 and 47.
    [Theory]
    [InlineData("GET", "/v1/batches/bat_none", 404)]
    [InlineData("GET", "/v1/batches/bat_01j00000000000000000000000", 404)]
    [InlineData("GET", "/v1/batches/bat_01j00000000000000000000000/results", 404)]
    [InlineData("POST", "/v1/batches/bat_01j00000000000000000000000/cancel", 404)]
    [InlineData("GET", "/v1/batches?limit=0", 400)]
    [InlineData("GET", "/v1/batches?after=edt_01j00000000000000000000000", 400)]
    public async Task Knows_no_other_batch(string method, string path, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await server.Client.SendAsync(request, Token);
        answer.StatusCode.ShouldBe(status);
    }

    private static string Line(string? customId, int seed)
    {
        var line = new JsonObject
        {
            ["scene"] = "data:image/png;base64," + Convert.ToBase64String(Pictures.Scene()),
            ["mask_shapes"] = new JsonArray(new JsonObject { ["type"] = "circle", ["cx"] = 12, ["cy"] = 12, ["r"] = 6 }),
            ["instruction"] = "remove the chair",
            ["seed"] = seed,
        };
        if (customId is not null)
            line["custom_id"] = customId;
        return line.ToJsonString();
    }

    // Lines that are edits or refused.
    private static int Edits(JsonNode batch) => (int)batch["lines"]! - (int)batch["counts"]!["queued"]! + batch["made"]!.GetValue<int>();

    private async Task<HttpResponseMessage> PostAsync(string lines, string? key = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/batches") { Content = new StringContent(lines, Encoding.UTF8, new MediaTypeHeaderValue("application/jsonl")) };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        return await server.Client.SendAsync(request, Token);
    }

    private async Task UntilAsync(string id, Func<JsonNode, bool> isThere)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            var batch = JsonNode.Parse(await server.Client.GetStringAsync($"/v1/batches/{id}", limit.Token))!;
            batch["made"] = await MadeAsync(id);
            if (isThere(batch))
                return;
            await poll.WaitForNextTickAsync(limit.Token);
        }
    }

    private async Task<int> MadeAsync(string id)
    {
        await using var ledger = await Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions
            .GetRequiredService<Microsoft.EntityFrameworkCore.IDbContextFactory<FlexEdit.Storage.Ledger.LedgerContext>>(server.Services).CreateDbContextAsync(Token);
        return ledger.BatchLines.Count(line => line.BatchId == id && line.EditId != null);
    }

    private async Task<List<JsonNode>> ResultsAsync(string id)
    {
        using var answer = await server.Client.GetAsync($"/v1/batches/{id}/results", Token);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/jsonl");
        return [.. (await answer.Content.ReadAsStringAsync(Token)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }

    public sealed class Server : GatewayServer
    {
        protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
        {
            ["FlexEdit:Gateway:BatchLines"] = "100",
            ["FlexEdit:Gateway:BatchInterval"] = "00:00:00.100",
        };
    }
}
