using System.Net;
using FlexEdit.Cli.Api;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Cli;

public sealed class FlexEditClientTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Turns_a_problem_into_one_sentence_with_its_code()
    {
        using var server = new ScriptedServer().Json(
            """{"type":"about:blank","title":"Mask empty","status":422,"detail":"The mask marks no pixel.","code":"mask_empty","param":"mask","request_id":"r7"}""",
            HttpStatusCode.UnprocessableEntity, "application/problem+json");
        using var client = server.Client();

        var refused = await Should.ThrowAsync<ApiException>(() => client.GetAsync("edt_1", Cancellation));

        refused.Message.ShouldBe("The mask marks no pixel. (mask_empty, request r7)");
        refused.Code.ShouldBe("mask_empty");
        refused.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Says_what_a_proxy_answered_when_it_was_no_problem_document()
    {
        using var server = new ScriptedServer().Json("<html>Bad gateway</html>", HttpStatusCode.BadGateway, "text/html");
        using var client = server.Client();

        var refused = await Should.ThrowAsync<ApiException>(() => client.GetAsync("edt_1", Cancellation));

        refused.Message.ShouldBe("The server answered 502 Bad Gateway. (http_502)");
    }

    [Fact]
    public async Task Reads_a_job_and_ignores_fields_it_does_not_know()
    {
        using var server = new ScriptedServer().Json("""
            { "id": "edt_1", "object": "edit", "status": "succeeded", "stage": null, "sequence": 5, "something_new": {"a": 1},
              "inputs": { "scene": { "asset": "ast_1", "width": 800, "height": 600, "report": ["rotated by EXIF orientation 6"] }, "mask": {}, "subject": null },
              "understanding": { "answer": "The masks mean \"chair\".", "label": "chair", "confidence": 0.93, "ambiguous": false },
              "outputs": [ { "index": 0, "url": "/v1/edits/edt_1/outputs/0", "seed": 4294967295, "sha256": "ab",
                "preservation": { "region": [1, 2, 3, 4], "changed_pixels": 12, "changed_outside": 0, "outside_sha256_before": "x", "outside_sha256_after": "x" } } ],
              "timings": { "queued_ms": 3, "understanding_ms": 41.5, "generating_ms": 950, "total_ms": 1010 } }
            """);
        using var client = server.Client();

        var job = await client.GetAsync("edt_1", Cancellation);

        job.Inputs!.Scene!.Report.ShouldBe(["rotated by EXIF orientation 6"]);
        job.Understanding!.Confidence.ShouldBe(0.93);
        job.Outputs[0].Seed.ShouldBe(uint.MaxValue);
        job.Outputs[0].Preservation!.Region.ShouldBe([1, 2, 3, 4]);
        job.Timings!.UnderstandingMs.ShouldBe(41.5);
    }

    [Fact]
    public async Task Asks_for_a_page_with_the_given_filters_only()
    {
        using var server = new ScriptedServer()
            .Json("""{"object":"list","data":[],"has_more":false,"next":null}""")
            .Json("""{"object":"list","data":[{"id":"edt_2","status":"failed"}],"has_more":true,"next":"c2"}""");
        using var client = server.Client();

        await client.ListAsync(null, null, null, Cancellation);
        var page = await client.ListAsync("failed", "c&1", 5, Cancellation);

        server.Requests.ShouldBe(["GET /v1/edits", "GET /v1/edits?status=failed&after=c%261&limit=5"]);
        page.Data[0].Id.ShouldBe("edt_2");
        page.Next.ShouldBe("c2");
    }
}
