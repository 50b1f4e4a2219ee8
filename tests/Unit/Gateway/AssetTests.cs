using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using FlexEdit.Contracts;
using FlexEdit.Tests.Unit.Gateway.Running;
using FlexEdit.Tests.Unit.Imaging;
using Shouldly;
using Xunit;
using static FlexEdit.Tests.Unit.Gateway.Running.Answers;

namespace FlexEdit.Tests.Unit.Gateway;

public sealed class AssetTests(GatewayServer server) : IClassFixture<GatewayServer>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Keeps_a_picture_once_however_it_is_sent()
    {
        var picture = Pictures.SceneJpeg(31, 17);

        using var form = Form(("file", picture));
        using var first = await server.Client.PostAsync("/v1/assets", form, Token);
        first.StatusCode.ShouldBe(201);
        var asset = await first.BodyAsync();
        asset.Select(member => member.Key).ShouldBe(["id", "object", "sha256", "content_type", "bytes", "width", "height", "report", "created_at", "expires_at"]);
        first.Headers.Location!.ToString().ShouldBe($"/v1/assets/{asset["id"]}");
        ((string)asset["object"]!, (string)asset["content_type"]!, (long)asset["bytes"]!, (int)asset["width"]!, (int)asset["height"]!)
            .ShouldBe(("asset", "image/jpeg", picture.LongLength, 31, 17));
        ((string)asset["sha256"]!).ShouldBe(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(picture)));

        // Group 17: what it is, its bytes say.
        foreach (var type in new[] { "image/png", "image/*", "application/octet-stream", "image/jpeg; a=b" })
        {
            using var body = new ByteArrayContent(picture);
            body.Headers.TryAddWithoutValidation("Content-Type", type);
            using var again = await server.Client.PostAsync("/v1/assets", body, Token);
            again.StatusCode.ShouldBe(200);
            ((string)(await again.BodyAsync())["id"]!).ShouldBe((string)asset["id"]!);
        }
        using var json = await server.Client.PostAsync("/v1/assets", Json($$"""{"file":"data:;base64,{{Convert.ToBase64String(picture)}}"}"""), Token);
        json.StatusCode.ShouldBe(200);
        (await server.Client.GetStringAsync($"/v1/assets/{asset["id"]}", Token)).ShouldBe(asset.ToJsonString().Replace("\\u002B", "+", StringComparison.Ordinal));
        server.UploadsLeft.ShouldBeEmpty();
    }

    [Fact]
    public async Task Says_how_an_upload_was_turned_upright_and_edits_it_so()
    {
        var id = await UploadedAsync(Files.JpegWithOrientation(Files.Quarters(40, 24), 6));
        var asset = JsonNode.Parse(await server.Client.GetStringAsync($"/v1/assets/{id}", Token))!;

        ((int)asset["width"]!, (int)asset["height"]!, (string)asset["report"]![0]!).ShouldBe((24, 40, "rotated by EXIF orientation 6"));

        using var answer = await server.Client.PostEditAsync(Json(Edit(id).ToJsonString()));
        var scene = (await answer.BodyAsync())["inputs"]!["scene"]!;
        ((string)scene["asset"]!, (int)scene["width"]!, (string)scene["report"]![0]!).ShouldBe((id, 24, "rotated by EXIF orientation 6"));
    }

    [Fact]
    public async Task The_first_answer_under_a_key_stands_when_the_asset_is_removed()
    {
        var asset = await UploadedAsync(Pictures.Scene(41, 23));
        using var first = await server.Client.PostEditAsync(Json(Edit(asset).ToJsonString()), ("Idempotency-Key", "asset"));
        first.StatusCode.ShouldBe(202);
        (await server.Client.DeleteAsync($"/v1/assets/{asset}", Token)).StatusCode.ShouldBe(204);

        using var again = await server.Client.PostEditAsync(Json(Edit(asset).ToJsonString()), ("Idempotency-Key", "asset"));

        again.StatusCode.ShouldBe(202);
        again.Headers.GetValues("Idempotency-Replayed").ShouldBe(["true"]);
        ((string)(await again.BodyAsync())["id"]!).ShouldBe((string)(await first.BodyAsync())["id"]!);
        using var other = await server.Client.PostEditAsync(Json(Edit(asset).ToJsonString()), ("Idempotency-Key", "another"));
        await other.ShouldBeProblemAsync(422, "unknown_asset", "scene");
    }

    [Fact]
    public async Task Takes_assets_for_every_picture_in_JSON_and_in_a_form()
    {
        var (scene, mask, subject) = (await UploadedAsync(Pictures.Scene(50, 30)), await UploadedAsync(Pictures.Mask(50, 30)), await UploadedAsync(Pictures.SceneJpeg(9, 7)));
        var body = Edit(scene);
        body.Remove("mask_shapes");
        (body["mask"], body["subject"]) = (mask, subject);

        using var json = await server.Client.PostEditAsync(Json(body.ToJsonString()));
        json.StatusCode.ShouldBe(202);
        using var form = Form(("scene", scene), ("mask", mask), ("subject", subject), ("instruction", "remove it"));
        using var posted = await server.Client.PostEditAsync(form);
        posted.StatusCode.ShouldBe(202);

        foreach (var answer in new[] { json, posted })
        {
            var job = await answer.BodyAsync();
            new[] { "scene", "mask", "subject" }.Select(name => (string)job["inputs"]![name]!["asset"]!).ShouldBe([scene, mask, subject]);
            using var stored = await server.Client.GetAsync($"/v1/edits/{job["id"]}/inputs/mask", Token);
            var pixels = FlexEdit.Imaging.Decoding.PictureDecoder.Decode(await stored.Content.ReadAsByteArrayAsync(Token)).Pixels;
            (pixels.Pixel(0, 0)[0], pixels.Pixel(49, 0)[0]).ShouldBe(((byte)255, (byte)0));
        }
    }

    [Fact]
    public async Task What_an_edit_was_sent_can_be_used_again_by_its_id()
    {
        using var form = GoodForm(("scene", Pictures.Scene(61, 41)), ("mask", Pictures.Mask(122, 82)));
        using var first = await server.Client.PostEditAsync(form);
        var inputs = (await first.BodyAsync())["inputs"]!;
        var (scene, mask) = ((string)inputs["scene"]!["asset"]!, (string)inputs["mask"]!["asset"]!);
        var asset = JsonNode.Parse(await server.Client.GetStringAsync($"/v1/assets/{mask}", Token))!;
        // The upload's own size, not the scene's.
        ((int)asset["width"]!, (int)asset["height"]!, asset["expires_at"]).ShouldBe((122, 82, null));

        using var second = await server.Client.PostEditAsync(Form(("scene", scene), ("mask", mask), ("instruction", "again")));

        second.StatusCode.ShouldBe(202);
        ((string)(await second.BodyAsync())["inputs"]!["mask"]!["asset"]!).ShouldBe(mask);
    }

    [Fact]
    public async Task A_mask_drawn_from_shapes_is_an_asset_too()
    {
        var body = Edit(await UploadedAsync(Pictures.Scene(52, 32)));
        using var drawn = await server.Client.PostEditAsync(Json(body.ToJsonString()));
        var mask = (string)(await drawn.BodyAsync())["inputs"]!["mask"]!["asset"]!;
        body.Remove("mask_shapes");
        body["mask"] = mask;

        using var again = await server.Client.PostEditAsync(Json(body.ToJsonString()));

        var inputs = (await again.BodyAsync())["inputs"]!;
        ((string)inputs["mask"]!["asset"]!).ShouldBe(mask);
        ((string)inputs["mask"]!["sha256"]!).ShouldBe((string)(await drawn.BodyAsync())["inputs"]!["mask"]!["sha256"]!);
    }

    [Theory]
    [InlineData("scene")]
    [InlineData("mask")]
    [InlineData("subject")]
    public async Task Refuses_the_id_of_no_asset(string field)
    {
        // Group 46.
        foreach (var id in new[] { Ids.NewAsset(TimeProvider.System), "ast_", "ast_../../etc", "ast_%", "ast_" + new string('z', 26).ToUpperInvariant(), "ast_\u0000" })
        {
            using var form = GoodForm((field, id));
            using var answer = await server.Client.PostEditAsync(form);
            await answer.ShouldBeProblemAsync(422, "unknown_asset", field);
        }
        using var longest = GoodForm((field, "ast_" + new string('a', 5000)));
        using var refused = await server.Client.PostEditAsync(longest);
        await refused.ShouldBeProblemAsync(400, "malformed", field);
        server.UploadsLeft.ShouldBeEmpty();
    }

    [Fact]
    public async Task Removes_an_asset_and_then_knows_it_no_longer()
    {
        var id = await UploadedAsync(Pictures.Scene(53, 33));

        (await server.Client.DeleteAsync($"/v1/assets/{id}", Token)).StatusCode.ShouldBe(204);

        using var gone = await server.Client.GetAsync($"/v1/assets/{id}", Token);
        await gone.ShouldBeProblemAsync(404, "not_found", null);
        using var again = await server.Client.DeleteAsync($"/v1/assets/{id}", Token);
        await again.ShouldBeProblemAsync(404, "not_found", null);
        using var edit = await server.Client.PostEditAsync(Json(Edit(id).ToJsonString()));
        await edit.ShouldBeProblemAsync(422, "unknown_asset", "scene");
    }

    [Theory]
    [InlineData("?limit=0", "limit")]
    [InlineData("?limit=-1", "limit")]
    [InlineData("?limit=1000000000", "limit")]
    [InlineData("?after=edt_01j00000000000000000000000", "after")]
    [InlineData("?after=%27;--", "after")]
    public async Task Refuses_a_page_that_there_is_not(string query, string param)
    {
        using var answer = await server.Client.GetAsync("/v1/assets" + query, Token);
        await answer.ShouldBeProblemAsync(400, "malformed", param);
    }

    // Groups 1 to 4 and 14 to 17: the same decoder that reads the pictures of edits.
    [Theory]
    [MemberData(nameof(SubmitTests.BadPictures), MemberType = typeof(SubmitTests))]
    public async Task Refuses_a_file_that_is_no_picture(string field, byte[] file, int status, string code)
    {
        if (field == "mask" && code != "unsupported_image")
            return; // As a picture it is a good one.
        using var form = Form(("file", file));
        using var answer = await server.Client.PostAsync("/v1/assets", form, Token);
        await answer.ShouldBeProblemAsync(status, code, "file");
        server.UploadsLeft.ShouldBeEmpty();
    }

    [Fact]
    public async Task Refuses_an_upload_without_a_file_and_with_other_fields()
    {
        // Group 42.
        using var without = await server.Client.PostAsync("/v1/assets", Form(), Token);
        await without.ShouldBeProblemAsync(400, "malformed", null);
        using var empty = await server.Client.PostAsync("/v1/assets", Json("{}"), Token);
        await empty.ShouldBeProblemAsync(400, "malformed", "file");
        using var other = await server.Client.PostAsync("/v1/assets", Form(("file", Pictures.Scene()), ("tenant", "other")), Token);
        await other.ShouldBeProblemAsync(422, "unknown_field", "tenant");
        using var twice = Form(("file", Pictures.Scene()), ("file", Pictures.Scene()));
        using var repeated = await server.Client.PostAsync("/v1/assets", twice, Token);
        await repeated.ShouldBeProblemAsync(400, "malformed", "file");
        using var text = await server.Client.PostAsync("/v1/assets", new StringContent("hello"), Token);
        await text.ShouldBeProblemAsync(415, "unsupported_media_type", null);
        using var hostile = Form();
        var part = new ByteArrayContent(Pictures.Scene(54, 34));
        part.Headers.TryAddWithoutValidation("Content-Disposition", "form-data; name=\"file\"; filename=\"../../etc/passwd\"");
        hostile.Add(part);
        using var taken = await server.Client.PostAsync("/v1/assets", hostile, Token);
        taken.StatusCode.ShouldBe(201);
        (await taken.Content.ReadAsStringAsync(Token)).ShouldNotContain("passwd");
    }

    private static JsonObject Edit(string scene) => new()
    {
        ["scene"] = scene,
        ["mask_shapes"] = new JsonArray(new JsonObject { ["type"] = "circle", ["cx"] = 12, ["cy"] = 12, ["r"] = 6 }),
        ["instruction"] = "remove the chair",
    };

    private async Task<string> UploadedAsync(byte[] picture)
    {
        using var body = new ByteArrayContent(picture) { Headers = { ContentType = new MediaTypeHeaderValue("image/png") } };
        using var answer = await server.Client.PostAsync("/v1/assets", body, Token);
        answer.IsSuccessStatusCode.ShouldBeTrue();
        return (string)(await answer.BodyAsync())["id"]!;
    }
}
