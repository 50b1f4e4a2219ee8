using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using FlexEdit.Tests.EndToEnd.Hosting;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.EndToEnd.Doors;

/// <summary>
/// What <c>client.run(…)</c> of Replicate's Python client sends, byte for byte as its published tests recorded it (replicate-python, tests/cassettes), with pictures and our model in the place of theirs: an upload for each file, a blocking
/// prediction, and polls where it takes longer.
/// </summary>
[Collection(ServerCollection.Name)]
public sealed class ReplicatePythonTests(StandaloneServer server) : IDisposable
{
    private const string Boundary = "f64a6c6ac4fed507b9430635c33d4f7c";
    private readonly DoorPictures _pictures = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Runs_a_model_on_files()
    {
        var (scene, mask) = (await UploadAsync("scene.png"), await UploadAsync("mask.png"));
        var version = (string)(await SendAsync(HttpMethod.Get, "/v1/models/flexedit/flexedit-tiny"))["latest_version"]!["id"]!;
        var body = Encoding.UTF8.GetBytes($$"""{"input": {"image": "{{scene}}", "mask": "{{mask}}", "prompt": "Remove the object.", "seed": 7}, "version": "{{version}}"}""");

        var prediction = await SendAsync(
            HttpMethod.Post, "/v1/predictions", new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } }, ("prefer", "wait"));
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        // The client: in_terminal_state = is_blocking and prediction.status != "starting"
        while ((string)prediction["status"]! is "starting" or "processing" && await poll.WaitForNextTickAsync(Token))
            prediction = await SendAsync(HttpMethod.Get, $"/v1/predictions/{prediction["id"]}");

        ((string)prediction["status"]!, (string)prediction["version"]!).ShouldBe(("succeeded", version));
        var output = (string)prediction["output"].ShouldBeOfType<JsonArray>().ShouldHaveSingleItem()!;
        var job = await server.Calls.GetAsync((string)prediction["id"]!);
        Convert.ToHexStringLower(SHA256.HashData(Convert.FromBase64String(output.Split(',', 2)[1]))).ShouldBe(job.Outputs.ShouldHaveSingleItem().Sha256);
    }

    public void Dispose() => _pictures.Dispose();

    private async Task<string> UploadAsync(string name)
    {
        using var form = new MemoryStream();
        form.Write(Encoding.UTF8.GetBytes($"--{Boundary}\r\nContent-Disposition: form-data; name=\"content\"; filename=\"{name}\"\r\nContent-Type: image/png\r\n\r\n"));
        form.Write(await File.ReadAllBytesAsync(Path.Combine(_pictures.Folder, name), Token));
        form.Write(Encoding.UTF8.GetBytes($"\r\n--{Boundary}--\r\n"));
        var content = new ByteArrayContent(form.ToArray()) { Headers = { ContentType = MediaTypeHeaderValue.Parse($"multipart/form-data; boundary={Boundary}") } };
        return (string)(await SendAsync(HttpMethod.Post, "/v1/files", content))["urls"]!["get"]!;
    }

    private async Task<JsonNode> SendAsync(HttpMethod method, string path, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers.Concat([("accept", "*/*"), ("accept-encoding", "gzip, deflate"), ("connection", "keep-alive"), ("user-agent", "replicate-python/1.0.7"), ("authorization", "Bearer r8_test")]))
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        using var answer = await server.Http.SendAsync(request, Token);
        var text = await answer.Content.ReadAsStringAsync(Token);
        answer.IsSuccessStatusCode.ShouldBeTrue(text);
        return JsonNode.Parse(text)!;
    }
}
