using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using FlexEdit.Imaging.Decoding;
using FlexEdit.Tests.Unit.Gateway.Running;
using Shouldly;
using Xunit;
using static FlexEdit.Tests.Unit.Gateway.Running.Answers;

namespace FlexEdit.Tests.Unit.Gateway.Doors.OpenAi;

/// <summary>What becomes of a request through OpenAI's door, and what it is answered with.</summary>
public class EditImageTests(DoorServer server) : IClassFixture<DoorServer>
{
    private const string Path = "/v1/images/edits";
    private readonly ScriptedWorker _worker = new(server);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_image_is_the_scene_the_second_the_subject_and_without_a_mask_all_of_it_is_edited()
    {
        var prompt = Words();
        using var form = Form(("image[]", Pictures.Scene()), ("image[]", Pictures.SceneJpeg(20, 30)), ("prompt", prompt), ("n", "2"), ("model", "gpt-image-1"),
            ("size", "auto"), ("quality", "high"), ("user", "user-17"), ("output_compression", "90"), ("output_format", "webp"), ("seed", "5"));
        var asked = server.Client.PostAsync(Path, form, Token);
        var id = await _worker.EditAsync(prompt);

        var job = await JobAsync(id);
        ((int)job["inputs"]!["scene"]!["width"]!, (int)job["inputs"]!["subject"]!["height"]!).ShouldBe((Pictures.Width, 30));
        ((int)job["options"]!["n"]!, (string)job["options"]!["output_format"]!, (long)job["options"]!["seed"]!).ShouldBe((2, "webp", 5));
        ((string)job["model"]!, (string)job["metadata"]!["user"]!).ShouldBe((Cards.Model, "user-17"));
        (await MaskAsync(id)).ShouldAllBe(sample => sample == 255);

        await _worker.FinishAsync(await _worker.PaintingAsync(id), [1, 2, 3], [4, 5]);
        using var answer = await asked;
        var images = await answer.BodyAsync();
        answer.StatusCode.ShouldBe(200);
        images["data"]!.AsArray().Select(one => (string)one!["b64_json"]!).ShouldBe([Convert.ToBase64String([1, 2, 3]), Convert.ToBase64String([4, 5])]);
        ((long)images["created"]!).ShouldBeGreaterThan(1_700_000_000);
        ((string)images["size"]!, (string)images["output_format"]!, (string)images["edit"]!).ShouldBe(("60x40", "png", id));
        answer.Headers.Location!.OriginalString.ShouldBe($"/v1/edits/{id}");
    }

    [Fact]
    public async Task Takes_json_with_references_and_edits_where_the_mask_is_transparent()
    {
        var prompt = Words();
        var scene = $"data:image/png;base64,{Convert.ToBase64String(Pictures.Scene())}";
        var mask = $"data:image/png;base64,{Convert.ToBase64String(Pictures.HalfTransparent())}";
        using var body = Json($$"""{"prompt":"{{prompt}}","images":[{"image_url":"{{scene}}"}],"mask":{"image_url":"{{mask}}"},"stream":false,"n":1,"response_format":"url","size":null}""");
        var asked = server.Client.PostAsync(Path, body, Token);
        var id = await _worker.EditAsync(prompt);

        var used = await MaskAsync(id);
        (used[0], used[^1]).ShouldBe(((byte)255, (byte)0));

        await _worker.FinishAsync(await _worker.PaintingAsync(id), [1, 2, 3]);
        using var answer = await asked;
        var url = new Uri((string)(await answer.BodyAsync())["data"]![0]!["url"]!);
        (await server.Client.GetByteArrayAsync(url, Token)).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task Streams_pictures_on_the_way_and_the_result()
    {
        var prompt = Words();
        using var form = Form(("image", Pictures.Scene()), ("prompt", prompt), ("stream", "true"), ("partial_images", "2"));
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = form };
        var asked = server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        var id = await _worker.EditAsync(prompt);
        var attempt = await _worker.PaintingAsync(id);

        using var answer = await asked;
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        await using var events = SseParser.Create(await answer.Content.ReadAsStreamAsync(Token)).EnumerateAsync(Token).GetAsyncEnumerator(Token);
        await _worker.ProgressAsync(attempt, output: 0, step: 2, steps: 10, [9]);
        await _worker.ProgressAsync(attempt, output: 0, step: 4, steps: 10, [7, 7]);
        var first = await NextAsync();
        await _worker.ProgressAsync(attempt, output: 0, step: 5, steps: 10, [8]);
        await _worker.ProgressAsync(attempt, output: 0, step: 8, steps: 10, [6, 6, 6]);
        var second = await NextAsync();
        await _worker.FinishAsync(attempt, [1, 2, 3]);
        var last = await NextAsync();

        foreach (var (partial, index, bytes) in new[] { (first, 0, new byte[] { 7, 7 }), (second, 1, [6, 6, 6]) })
        {
            partial.Name.ShouldBe("image_edit.partial_image");
            ((string)partial.Data["type"]!, (int)partial.Data["partial_image_index"]!, (string)partial.Data["b64_json"]!)
                .ShouldBe(("image_edit.partial_image", index, Convert.ToBase64String(bytes)));
        }
        last.Name.ShouldBe("image_edit.completed");
        ((string)last.Data["type"]!, (string)last.Data["b64_json"]!, (string)last.Data["size"]!).ShouldBe(("image_edit.completed", Convert.ToBase64String([1, 2, 3]), "60x40"));
        ((int)last.Data["usage"]!["total_tokens"]!).ShouldBe(0);
        (await events.MoveNextAsync()).ShouldBeFalse();

        async Task<(string Name, JsonNode Data)> NextAsync()
        {
            (await events.MoveNextAsync()).ShouldBeTrue();
            return (events.Current.EventType, JsonNode.Parse(events.Current.Data)!);
        }
    }

    [Fact]
    public async Task A_stream_of_an_edit_that_fails_ends_with_its_error()
    {
        var prompt = Words();
        using var form = Form(("image", Pictures.Scene()), ("prompt", prompt), ("stream", "true"));
        var asked = server.Client.PostAsync(Path, form, Token);
        await _worker.FailAsync(await _worker.PaintingAsync(await _worker.EditAsync(prompt)), "model_error");

        using var answer = await asked;

        answer.StatusCode.ShouldBe(200);
        var text = await answer.Content.ReadAsStringAsync(Token);
        text.ShouldEndWith("""event: error""" + "\n" + """data: {"error":{"message":"It came to nothing.","type":"server_error","param":null,"code":"model_error"}}""" + "\n\n");
    }

    [Fact]
    public async Task An_edit_that_fails_is_an_error_that_clients_do_not_repeat()
    {
        var prompt = Words();
        using var form = Form(("image", Pictures.Scene()), ("prompt", prompt));
        var asked = server.Client.PostAsync(Path, form, Token);
        await _worker.FailAsync(await _worker.PaintingAsync(await _worker.EditAsync(prompt)), "model_error");

        using var answer = await asked;

        await answer.ShouldBeOpenAiErrorAsync(500, "server_error", "model_error", null);
        answer.Headers.GetValues("x-should-retry").ShouldBe(["false"]);
    }

    [Fact]
    public async Task An_edit_that_is_canceled_is_an_error()
    {
        var prompt = Words();
        using var form = Form(("image", Pictures.Scene()), ("prompt", prompt));
        var asked = server.Client.PostAsync(Path, form, Token);
        var id = await _worker.EditAsync(prompt);
        (await server.Client.PostAsync($"/v1/edits/{id}/cancel", null, Token)).StatusCode.ShouldBe(200);

        using var answer = await asked;

        await answer.ShouldBeOpenAiErrorAsync(409, "invalid_request_error", "conflict", null);
    }

    private static string Words() => $"remove {FlexEdit.Contracts.Ids.NewMessage(TimeProvider.System)}";

    private async Task<byte[]> MaskAsync(string id) =>
        [.. PictureDecoder.Decode(await server.Client.GetByteArrayAsync($"/v1/edits/{id}/inputs/mask", Token)).Pixels.WithoutAlpha().Pixels.Where((_, i) => i % 3 == 0)];

    private async Task<JsonObject> JobAsync(string id)
    {
        using var answer = await server.Client.GetAsync($"/v1/edits/{id}", Token);
        return await answer.BodyAsync();
    }
}
