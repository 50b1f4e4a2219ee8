using System.Text.Json.Nodes;
using FlexEdit.Imaging.Decoding;
using FlexEdit.Tests.Unit.Gateway.Running;
using Shouldly;
using Xunit;
using static FlexEdit.Tests.Unit.Gateway.Running.Answers;

namespace FlexEdit.Tests.Unit.Gateway;

public class SubmitTests(GatewayServer server) : IClassFixture<GatewayServer>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Accepts_a_form_and_answers_with_the_durable_job()
    {
        using var form = GoodForm(("subject", Pictures.SceneJpeg(9, 7)), ("n", "2"), ("seed", "7"), ("steps", "3"), ("metadata", """{"order":"7"}"""));
        using var answer = await server.Client.PostEditAsync(form);
        answer.StatusCode.ShouldBe(202);
        var job = await answer.BodyAsync();
        answer.Headers.Location!.ToString().ShouldBe($"/v1/edits/{job["id"]}");
        answer.Headers.RetryAfter.ShouldNotBeNull();
        ((string)job["status"]!).ShouldBe("queued");
        ((string)job["instruction"]!).ShouldBe("remove the chair");
        ((int)job["options"]!["seed"]!, (int)job["options"]!["steps"]!, (int)job["options"]!["n"]!).ShouldBe((7, 3, 2));
        ((string)job["metadata"]!["order"]!).ShouldBe("7");
        ((int)job["inputs"]!["subject"]!["width"]!).ShouldBe(9);

        var again = await server.Client.GetStringAsync((string)job["urls"]!["self"]!, Token);
        JsonNode.Parse(again)!["id"]!.ToString().ShouldBe(job["id"]!.ToString());
        var mask = PictureDecoder.Decode(await server.Client.GetByteArrayAsync($"/v1/edits/{job["id"]}/inputs/mask", Token)).Pixels;
        (mask.Width, mask.Height, mask.Pixel(0, 0)[0], mask.Pixel(Pictures.Width - 1, 0)[0]).ShouldBe((Pictures.Width, Pictures.Height, (byte)255, (byte)0));
        server.UploadsLeft.ShouldBeEmpty();
    }

    [Fact]
    public async Task Accepts_the_same_in_JSON()
    {
        var body = new JsonObject
        {
            ["scene"] = "data:image/png;base64," + Convert.ToBase64String(Pictures.Scene()),
            ["mask_shapes"] = new JsonArray(new JsonObject { ["type"] = "circle", ["cx"] = 20, ["cy"] = 20, ["r"] = 8.5, ["hollow"] = 3 }),
            ["instruction"] = "remove the chair",
            ["subject"] = null,
            ["metadata"] = new JsonObject { ["a"] = "b" },
            ["guidance_scale"] = 3,
        };
        using var answer = await server.Client.PostEditAsync(Json(body.ToJsonString()));
        answer.StatusCode.ShouldBe(202);
        var job = await answer.BodyAsync();
        ((double)job["options"]!["guidance_scale"]!).ShouldBe(3);
        job["inputs"]!["subject"].ShouldBeNull();
    }

    [Fact]
    public async Task Says_that_it_did_not_wait_where_the_edit_did_not_finish()
    {
        using var form = GoodForm();
        using var answer = await server.Client.PostEditAsync(form, ("Prefer", "wait=1"), ("Cancel-After", "90s"));
        answer.StatusCode.ShouldBe(202);
        answer.Headers.GetValues("Preference-Applied").ShouldBe(["respond-async"]);
    }

    [Theory]
    [InlineData("scene", null, 422, "scene_required", "scene")]
    [InlineData("mask", null, 422, "mask_required", "mask")]
    [InlineData("mask_shapes", "[]", 422, "mask_invalid", "mask_shapes")]
    [InlineData("instruction", null, 422, "instruction_required", "instruction")]
    [InlineData("instruction", "  ", 422, "instruction_required", "instruction")]
    [InlineData("instruction", "\u200b", 422, "instruction_required", "instruction")]
    [InlineData("instruction", "a\0", 422, "instruction_invalid", "instruction")]
    [InlineData("model", "gpt", 422, "unknown_model", "model")]
    [InlineData("model", "../../etc", 422, "unknown_model", "model")]
    [InlineData("n", "5", 422, "option_out_of_range", "n")]
    [InlineData("steps", "1e400", 422, "option_out_of_range", "steps")]
    [InlineData("steps", "twenty", 400, "malformed", "steps")]
    [InlineData("mask_polarity", "red_edits", 422, "option_out_of_range", "mask_polarity")]
    [InlineData("metadata", "[1]", 400, "malformed", "metadata")]
    [InlineData("tenant_id", "other", 422, "unknown_field", "tenant_id")]
    [InlineData("status", "succeeded", 422, "unknown_field", "status")]
    [InlineData("webhook", "http://example.org", 422, "webhook_invalid", "webhook")]
    [InlineData("webhook_events", "[\"edit.failed\"]", 400, "malformed", "webhook_events")]
    [InlineData("pause_after", "generating", 422, "option_out_of_range", "pause_after")]
    [InlineData("label", "chair", 422, "unknown_field", "label")]
    public async Task Refuses_a_field(string field, string? value, int status, string code, string param)
    {
        using var form = GoodForm((field, value));
        using var answer = await server.Client.PostEditAsync(form);
        await answer.ShouldBeProblemAsync(status, code, param);
        server.UploadsLeft.ShouldBeEmpty();
    }

    public static TheoryData<string, byte[], int, string> BadPictures => new()
    {
        { "scene", [], 422, "invalid_image" },
        { "scene", [1], 415, "unsupported_image" },
        { "scene", "<svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray(), 415, "unsupported_image" },
        { "scene", Pictures.Scene()[..60], 422, "invalid_image" },
        { "scene", new byte[200_001], 413, "payload_too_large" },
        { "scene", [.. Pictures.Scene()[..16], 0, 0, 0xC3, 0x50, 0, 0, 0xC3, 0x50, .. Pictures.Scene()[24..]], 413, "image_too_large" },
        { "subject", "GIF89a......................"u8.ToArray(), 415, "unsupported_image" },
        { "mask", Pictures.Mask(40, 60), 422, "mask_size_mismatch" },
        { "mask", Pictures.Plain(0), 422, "mask_empty" },
        { "mask", "<html>"u8.ToArray(), 415, "unsupported_image" },
    };

    [Theory]
    [MemberData(nameof(BadPictures))]
    public async Task Refuses_a_picture(string field, byte[] file, int status, string code)
    {
        using var form = GoodForm((field, file));
        using var answer = await server.Client.PostEditAsync(form);
        await answer.ShouldBeProblemAsync(status, code, field);
        server.UploadsLeft.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{")]
    [InlineData("{\"n\":1}{}")]
    [InlineData("{\"n\":1,}")]
    [InlineData("{/**/\"n\":1}")]
    [InlineData("{\"n\":1,\"n\":2}", "n")]
    [InlineData("{\"n\":\"1\"}", "scene", "scene_required", 422)]
    [InlineData("{\"scene\":7}", "scene")]
    [InlineData("{\"instruction\":\"\\ud800\"}", "instruction", "instruction_invalid", 422)]
    [InlineData("{\"model\":\"\\ud800\"}", "model")]
    [InlineData("{\"__proto__\":{}}", "__proto__", "unknown_field", 422)]
    public async Task Refuses_a_JSON_body(string json, string? param = null, string code = "malformed", int status = 400)
    {
        using var answer = await server.Client.PostEditAsync(Json(json));
        await answer.ShouldBeProblemAsync(status, code, param);
    }

    [Fact]
    public async Task Refuses_JSON_that_is_nested_without_end()
    {
        using var answer = await server.Client.PostEditAsync(Json($"{{\"metadata\":{new string('[', 10_000)}"));
        await answer.ShouldBeProblemAsync(400, "malformed", null);
    }

    [Fact]
    public async Task Refuses_a_long_instruction_and_one_beyond_all_text_alike()
    {
        foreach (var length in new[] { 2001, 300_000 })
        {
            using var form = GoodForm(("instruction", new string('a', length)));
            using var answer = await server.Client.PostEditAsync(form);
            await answer.ShouldBeProblemAsync(422, "instruction_too_long", "instruction");
            using var json = await server.Client.PostEditAsync(Json($$"""{"instruction":"{{new string('a', length)}}","scene":"data:;base64,","mask_shapes":[]}"""));
            await json.ShouldBeProblemAsync(422, "instruction_too_long", "instruction");
        }
    }

    [Fact]
    public async Task Names_the_faulty_field_of_a_shape()
    {
        using var form = GoodForm(("mask", null), ("mask_shapes", """[{"type":"circle","cx":9,"cy":9,"r":5},{"type":"stroke","points":[[1,2]],"radius":-1}]"""));
        using var answer = await server.Client.PostEditAsync(form);
        await answer.ShouldBeProblemAsync(422, "mask_invalid", "mask_shapes[1].radius");
    }

    [Theory]
    [InlineData("text/plain", 415, "unsupported_media_type", null)]
    [InlineData("application/x-www-form-urlencoded", 415, "unsupported_media_type", null)]
    [InlineData("multipart/form-data", 400, "malformed", "Content-Type")]
    [InlineData("multipart/form-data; boundary=\"\"", 400, "malformed", "Content-Type")]
    [InlineData("multipart/form-data; boundary=x", 400, "malformed", null)]
    public async Task Refuses_another_body(string type, int status, string code, string? param)
    {
        using var content = new ByteArrayContent("--y\r\nnothing"u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var answer = await server.Client.PostEditAsync(content);
        await answer.ShouldBeProblemAsync(status, code, param);
    }

    [Fact]
    public async Task Refuses_a_compressed_body_a_repeated_field_and_a_part_without_a_name()
    {
        using var compressed = GoodForm();
        compressed.Headers.ContentEncoding.Add("gzip");
        using (var answer = await server.Client.PostEditAsync(compressed))
            await answer.ShouldBeProblemAsync(415, "unsupported_media_type", null);
        using var repeated = GoodForm();
        repeated.Add(new StringContent("again"), "instruction");
        using (var answer = await server.Client.PostEditAsync(repeated))
            await answer.ShouldBeProblemAsync(400, "malformed", "instruction");
        using var unnamed = GoodForm();
        unnamed.Add(new StringContent("again"));
        using (var answer = await server.Client.PostEditAsync(unnamed))
            await answer.ShouldBeProblemAsync(400, "malformed", null);
    }

    [Fact]
    public async Task Takes_a_file_field_that_a_browser_left_empty_for_none()
    {
        using var form = GoodForm();
        var empty = new ByteArrayContent([]);
        empty.Headers.TryAddWithoutValidation("Content-Disposition", "form-data; name=\"subject\"; filename=\"\"");
        form.Add(empty);
        using var answer = await server.Client.PostEditAsync(form);
        answer.StatusCode.ShouldBe(202);
    }

    [Fact]
    public async Task Refuses_a_body_beyond_every_limit()
    {
        // A client that asks before it sends hears the answer; to others the connection is closed.
        using var answer = await server.Client.PostEditAsync(Json($"{{\"mask_shapes\":\"{new string('a', 2_000_000)}\"}}"), ("Expect", "100-continue"));
        await answer.ShouldBeProblemAsync(413, "payload_too_large", null);
    }
}
