using System.Net;
using FlexEdit.Cli.Benchmarks;
using FlexEdit.Evaluation.Cases;
using FlexEdit.Evaluation.Running;
using FlexEdit.Imaging;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Cli;

/// <summary>Servers that speak another API than ours, as the benchmark uses them.</summary>
public sealed class ForeignEditorTests
{
    private static readonly string Picture = Convert.ToBase64String(PictureEncoder.Png(new RgbImage(16, 12)));

    [Fact]
    public async Task OpenAi_answers_with_the_picture_itself()
    {
        using var server = new ScriptedServer().Json($$"""{"created":1,"data":[{"b64_json":"{{Picture}}"}]}""");
        using var editor = new OpenAiEditor(Http(server), "gpt-image-1");

        (await EditAsync(editor)).Picture.Width.ShouldBe(16);

        server.Requests.ShouldBe(["POST /v1/images/edits"]);
    }

    [Theory]
    [InlineData("""{"error":{"message":"no such model"}}""", HttpStatusCode.NotFound, "404: ")]
    [InlineData("""{"data":[]}""", HttpStatusCode.OK, "The answer holds no picture")]
    [InlineData("""{"data":[{"b64_json":"AAAA"}]}""", HttpStatusCode.OK, "The answer holds no picture")]
    public async Task OpenAi_refusals_are_failed_edits(string body, HttpStatusCode status, string sentence)
    {
        using var server = new ScriptedServer().Json(body, status);
        using var editor = new OpenAiEditor(Http(server), "gpt-image-1");

        (await Should.ThrowAsync<EditFailedException>(() => EditAsync(editor))).Message.ShouldStartWith(sentence);
    }

    [Fact]
    public async Task Replicate_is_polled_until_the_prediction_has_ended()
    {
        using var server = new ScriptedServer()
            .Json("""{"id":"p1","status":"processing"}""", HttpStatusCode.Created)
            .Json($$"""{"id":"p1","status":"succeeded","output":["data:image/png;base64,{{Picture}}"]}""");
        using var editor = new ReplicateEditor(Http(server), "someone/painter");

        (await EditAsync(editor)).Picture.Height.ShouldBe(12);

        server.Requests.ShouldBe(["POST /v1/models/someone/painter/predictions", "GET /v1/predictions/p1"]);
    }

    [Fact]
    public async Task A_failed_prediction_is_a_failed_edit()
    {
        using var server = new ScriptedServer().Json("""{"id":"p1","status":"failed","error":"no memory"}""", HttpStatusCode.Created);
        using var editor = new ReplicateEditor(Http(server), "0123abcd");

        (await Should.ThrowAsync<EditFailedException>(() => EditAsync(editor))).Message.ShouldBe("failed: no memory");
        server.Requests.ShouldBe(["POST /v1/predictions"]);
    }

    private static HttpClient Http(ScriptedServer server) => new(server, disposeHandler: false) { BaseAddress = new Uri("http://server.test") };

    private static Task<EditOutcome> EditAsync(IPictureEditor editor)
    {
        var scene = new RgbImage(16, 12);
        var mask = Mask.FromBox(new Box(2, 2, 4, 4), 16, 12);
        var pictures = new CasePictures { Scene = scene, SceneFile = PictureEncoder.Png(scene), Free = mask, Full = mask, HasObject = true, Region = mask, Expected = scene };
        var read = new EvaluationCase { Id = "a", Kind = EvaluationCase.Single, Scene = "s", Instruction = "Remove it.", Mask = new CaseMask(), Region = new CaseMask(), Expected = new CasePicture { File = "e" } };
        return editor.EditAsync(read, pictures, mask, TestContext.Current.CancellationToken);
    }
}
