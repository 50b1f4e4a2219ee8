using System.Net;
using System.Text;
using FlexEdit.Masks;
using FlexEdit.Tests.EndToEnd.Hosting;
using FlexEdit.Tests.EndToEnd.Pictures;
using FlexEdit.Tests.EndToEnd.Requests;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.EndToEnd.Submitting;

/// <summary>What is wrong is said with the status and the code of the public contract, and the server stays up.</summary>
[Collection(ServerCollection.Name)]
public sealed class RefusalTests(StandaloneServer server)
{
    private static readonly byte[] s_scene = Scenes.PhotographPng();
    private static readonly EditForm s_good = new() { Scene = s_scene, Shapes = Scenes.RingAt(160, 120, 50) };

    private static readonly Dictionary<string, (EditForm Form, int Status, string Code, string Param)> s_kinds = new(StringComparer.Ordinal)
    {
        ["no scene"] = (s_good with { Scene = null }, 422, "scene_required", "scene"),
        ["an empty file"] = (s_good with { Scene = [] }, 422, "invalid_image", "scene"),
        ["a PNG cut short"] = (s_good with { Scene = BadFiles.CutShort(s_scene) }, 422, "invalid_image", "scene"),
        ["a JPEG cut short"] = (s_good with { Scene = BadFiles.CutShort(TaggedPictures.Turned(Scenes.Photograph(320, 240), 1)) }, 422, "invalid_image", "scene"),
        ["a header of 50,000 x 50,000 pixels"] = (s_good with { Scene = BadFiles.HugeHeader() }, 413, "image_too_large", "scene"),
        ["26 MB"] = (s_good with { Scene = BadFiles.TooManyBytes() }, 413, "payload_too_large", "scene"),
        ["an SVG named .png"] = (s_good with { Scene = BadFiles.Svg }, 415, "unsupported_image", "scene"),
        ["HTML named .png"] = (s_good with { Scene = BadFiles.Html }, 415, "unsupported_image", "scene"),
        ["noise named .png"] = (s_good with { Scene = BadFiles.Noise }, 415, "unsupported_image", "scene"),
        ["a TIFF"] = (s_good with { Scene = BadFiles.Tiff() }, 415, "unsupported_image", "scene"),
        ["a GIF as mask"] = (s_good with { Shapes = null, Mask = BadFiles.Gif() }, 415, "unsupported_image", "mask"),
        ["an animated WebP"] = (s_good with { Scene = BadFiles.AnimatedWebp() }, 422, "animated_image", "scene"),
        ["an animated PNG as subject"] = (s_good with { Subject = BadFiles.AnimatedPng() }, 422, "animated_image", "subject"),
        ["no mask"] = (s_good with { Shapes = null }, 422, "mask_required", "mask"),
        ["a mask of another shape"] = (s_good with { Shapes = null, Mask = Scenes.MaskPng(240, 320, new Box(9, 9, 90, 90)) }, 422, "mask_size_mismatch", "mask"),
        ["an empty mask"] = (s_good with { Shapes = null, Mask = Scenes.MaskPng(320, 240, default) }, 422, "mask_empty", "mask"),
        ["marks beside the picture"] = (s_good with { Shapes = Scenes.RingAt(5000, 5000, 9) }, 422, "mask_empty", "mask_shapes"),
        ["a mark without its radius"] = (s_good with { Shapes = """[{"type":"circle","cx":1,"cy":2}]""" }, 422, "mask_invalid", "mask_shapes[0].r"),
        ["no instruction"] = (s_good with { Instruction = null }, 422, "instruction_required", "instruction"),
        ["an empty instruction"] = (s_good with { Instruction = "" }, 422, "instruction_required", "instruction"),
        ["an instruction of blanks"] = (s_good with { Instruction = " \t\n\u200b" }, 422, "instruction_required", "instruction"),
        ["an instruction of 1 MB"] = (s_good with { Instruction = new string('x', 1_000_000) }, 422, "instruction_too_long", "instruction"),
        ["an unknown model"] = (s_good with { Options = [("model", "flexedit-huge")] }, 422, "unknown_model", "model"),
        ["five results"] = (s_good with { Options = [("n", "5")] }, 422, "option_out_of_range", "n"),
        ["a million steps"] = (s_good with { Options = [("steps", "1000000")] }, 422, "option_out_of_range", "steps"),
        ["a negative seed"] = (s_good with { Options = [("seed", "-1")] }, 422, "option_out_of_range", "seed"),
        ["a word for a number"] = (s_good with { Options = [("steps", "many")] }, 400, "malformed", "steps"),
        ["a field that is none"] = (s_good with { Options = [("colour", "red")] }, 422, "unknown_field", "colour"),
    };

    public static TheoryData<string> Kinds => [.. s_kinds.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Is_refused_with_its_status_and_code(string kind)
    {
        var (form, status, code, param) = s_kinds[kind];

        using var answer = await server.Calls.PostAsync(form);

        var problem = await EditCalls.ProblemOfAsync(answer);
        (problem.GetProperty("status").GetInt32(), problem.GetProperty("code").GetString(), problem.GetProperty("param").GetString())
            .ShouldBe((status, code, param), problem.ToString());
        problem.ToString().ShouldNotContain("   at "); // no stack trace
        await ShouldStillServeAsync();
    }

    [Theory]
    [InlineData("application/json", "{\"scene\":", 400, "malformed")]
    [InlineData("application/json", "[]", 400, "malformed")]
    [InlineData("application/json", "{\"scene\":17}", 400, "malformed")]
    [InlineData("text/plain", "edit this", 415, "unsupported_media_type")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disp", 400, "malformed")]
    public async Task A_body_that_is_no_request_is_refused(string type, string body, int status, string code)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        using var answer = await server.Http.PostAsync("/v1/edits", content, TestContext.Current.CancellationToken);

        var problem = await EditCalls.ProblemOfAsync(answer);
        ((int)answer.StatusCode, problem.GetProperty("code").GetString()).ShouldBe((status, code), problem.ToString());
        await ShouldStillServeAsync();
    }

    private async Task ShouldStillServeAsync()
    {
        using var health = await server.Http.GetAsync("/healthz/ready", TestContext.Current.CancellationToken);
        health.StatusCode.ShouldBe(HttpStatusCode.OK, server.Process.Log);
    }
}
