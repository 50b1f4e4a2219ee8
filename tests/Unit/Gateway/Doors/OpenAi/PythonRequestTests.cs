using System.Net.Http.Headers;
using System.Text;
using FlexEdit.Tests.Unit.Gateway.Running;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Gateway.Doors.OpenAi;

/// <summary>
/// The bytes that <c>client.images.edit(…)</c> of OpenAI's Python client sends (openai-python 3.3, tests/api_resources/test_images.py; multipart as httpx
/// writes it: values first, without a type, then files), with a picture in the place of its example data.
/// </summary>
public class PythonRequestTests(DoorServer server) : IClassFixture<DoorServer>
{
    private const string Boundary = "4ad0ea0a90ae1a7d2f3b6bd4a22d1e6c";
    private readonly ScriptedWorker _worker = new(server);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // test_method_edit_with_all_params: everything that may be said at once, and a size that the picture has.
    private static readonly (string, string)[] s_everything =
    [
        ("background", "opaque"), ("input_fidelity", "high"), ("model", "gpt-image-2"), ("n", "1"), ("output_compression", "100"), ("output_format", "png"),
        ("partial_images", "1"), ("quality", "high"), ("response_format", "b64_json"), ("size", "60x40"), ("stream", "false"), ("user", "user-1234"),
    ];

    [Fact]
    public async Task Edit_with_an_image_of_bytes_and_a_prompt()
    {
        var (answer, id) = await SendAsync([], [("image", "upload", Pictures.Scene())]);

        (await FinishedAsync(answer, id)).ShouldBe(Convert.ToBase64String([1, 2, 3]));
    }

    [Fact]
    public async Task Edit_with_several_images_and_all_parameters()
    {
        var (answer, id) = await SendAsync(
            s_everything, [("image[]", "scene.png", Pictures.Scene()), ("image[]", "subject.png", Pictures.Scene(20, 20)), ("mask", "mask.png", Pictures.HalfTransparent())]);

        (await FinishedAsync(answer, id)).ShouldBe(Convert.ToBase64String([1, 2, 3]));
    }

    [Fact]
    public async Task Edit_as_a_stream()
    {
        var (asked, id) = await SendAsync([("stream", "true")], [("image", "upload", Pictures.Scene())]);
        await _worker.FinishAsync(await _worker.PaintingAsync(id), [1, 2, 3]);

        using var answer = await asked;

        (await answer.Content.ReadAsStringAsync(Token)).ShouldContain("event: image_edit.completed\ndata: {\"type\":\"image_edit.completed\",");
    }

    private async Task<(Task<HttpResponseMessage> Answer, string Id)> SendAsync((string, string)[] values, (string, string, byte[])[] files)
    {
        var prompt = $"A cute baby sea otter wearing a beret {FlexEdit.Contracts.Ids.NewMessage(TimeProvider.System)}";
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/images/edits") { Content = Body([("prompt", prompt), .. values], files) };
        foreach (var (name, value) in new[]
        {
            ("Accept", "application/json"), ("Accept-Encoding", "gzip, deflate"), ("User-Agent", "OpenAI/Python 3.3.1"), ("X-Stainless-Lang", "python"),
            ("X-Stainless-Package-Version", "3.3.1"), ("X-Stainless-OS", "Linux"), ("X-Stainless-Arch", "x64"), ("X-Stainless-Runtime", "CPython"),
            ("X-Stainless-Runtime-Version", "3.12.3"), ("Authorization", "Bearer My API Key"), ("X-Stainless-Async", "false"),
            ("x-stainless-retry-count", "0"), ("x-stainless-read-timeout", "600"),
        })
        {
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        }

        var answer = server.Client.SendAsync(request, Token);
        return (answer, await _worker.EditAsync(prompt));
    }

    private async Task<string> FinishedAsync(Task<HttpResponseMessage> asked, string id)
    {
        await _worker.FinishAsync(await _worker.PaintingAsync(id), [1, 2, 3]);
        using var answer = await asked;
        var body = await answer.BodyAsync();
        ((int)answer.StatusCode).ShouldBe(200, body.ToJsonString());
        return (string)body["data"]![0]!["b64_json"]!;
    }

    private static ByteArrayContent Body((string Name, string Value)[] values, (string Name, string File, byte[] Bytes)[] files)
    {
        using var body = new MemoryStream();
        foreach (var (name, value) in values)
            Write($"--{Boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        foreach (var (name, file, bytes) in files)
        {
            var type = file.EndsWith(".png", StringComparison.Ordinal) ? "image/png" : "application/octet-stream";
            Write($"--{Boundary}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\nContent-Type: {type}\r\n\r\n");
            body.Write(bytes);
            Write("\r\n");
        }

        Write($"--{Boundary}--\r\n");
        return new ByteArrayContent(body.ToArray()) { Headers = { ContentType = MediaTypeHeaderValue.Parse($"multipart/form-data; boundary={Boundary}") } };

        void Write(string text) => body.Write(Encoding.UTF8.GetBytes(text));
    }
}
