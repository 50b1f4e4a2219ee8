using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using FlexEdit.Tests.Unit.Gateway.Running;
using Shouldly;
using Xunit;
using static FlexEdit.Tests.Unit.Gateway.Doors.Replicate.PredictionCalls;

namespace FlexEdit.Tests.Unit.Gateway.Doors.Replicate;

/// <summary>
/// The requests that Replicate's Python client sends, as its published tests recorded them (replicate-python, tests/cassettes/test_models_predictions_create_blocking, test_predictions_create_by_model,
/// predictions-cancel, file-operations), with a picture and our model in the place of theirs; and what its classes ask of the answers.
/// </summary>
public class PythonRequestTests(DoorServer server) : IClassFixture<DoorServer>
{
    private const string Boundary = "f64a6c6ac4fed507b9430635c33d4f7c";
    private readonly ScriptedWorker _worker = new(server);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // client.models.predictions.create(model=…, input={…}, wait=10)
    [Fact]
    public async Task A_prediction_of_a_model_that_is_waited_for()
    {
        var prompt = Words();
        var asked = SendAsync(HttpMethod.Post, OfModel, Body($$"""{"input": {"prompt": "{{prompt}}", "image": "{{DataUri(Pictures.Scene())}}"} }"""), ("prefer", "wait=10"));
        await _worker.FinishAsync(await _worker.PaintingAsync(await _worker.EditAsync(prompt)), [1, 2, 3]);

        var prediction = await asked;

        IsPrediction(prediction);
        // Its FileOutput decodes what stands behind the comma.
        Convert.FromBase64String(((string)prediction["output"]![0]!).Split(',', 2)[1]).ShouldBe([1, 2, 3]);
    }

    // version.predictions.create(input={…}); prediction.wait(); prediction.progress
    [Fact]
    public async Task A_prediction_of_a_version_that_is_asked_for_again_and_again()
    {
        var version = (await SendAsync(HttpMethod.Get, "/v1/models/flexedit/flexedit-tiny/versions"))["results"]![0]!;
        ((string?)version["cog_version"], version["openapi_schema"]!["components"]!["schemas"]!["Output"]).ShouldNotBe((null, null));
        DateTime.Parse((string)version["created_at"]!, null).Year.ShouldBe(1970);
        var made = await SendAsync(HttpMethod.Post, "/v1/predictions", Body($$"""{"input": {"prompt": "{{Words()}}", "image": "{{DataUri(Pictures.Scene())}}"}, "version": "{{version["id"]}}", "stream": true}"""));
        IsPrediction(made);
        var id = (string)made["id"]!;

        await _worker.FinishAsync(await _worker.PaintingAsync(id), [1, 2, 3]);
        var ended = await SendAsync(HttpMethod.Get, $"/v1/predictions/{id}");

        IsPrediction(ended);
        ((string)ended["status"]!, (string)ended["version"]!).ShouldBe(("succeeded", (string)version["id"]!));
        ((string)ended["logs"]!).Split('\n')[^1].Trim().ShouldMatch(@"^\s*(?<percentage>\d+)%\s*\|.+?\|\s*(?<current>\d+)\/(?<total>\d+)");
        IsPrediction((await SendAsync(HttpMethod.Get, "/v1/predictions"))["results"]![0]!);
    }

    // prediction.cancel()
    [Fact]
    public async Task A_prediction_that_is_canceled()
    {
        var made = await SendAsync(HttpMethod.Post, OfModel, Body($$"""{"input": {"prompt": "{{Words()}}", "image": "{{DataUri(Pictures.Scene())}}"} }"""));

        var canceled = await SendAsync(HttpMethod.Post, $"/v1/predictions/{made["id"]}/cancel", new ByteArrayContent([]));

        IsPrediction(canceled);
        ((string)canceled["status"]!).ShouldBe("canceled");
    }

    // client.files.create("scene.png"), get, list, delete
    [Fact]
    public async Task A_file_from_its_upload_to_its_removal()
    {
        using var content = new MemoryStream();
        content.Write(Encoding.UTF8.GetBytes($"--{Boundary}\r\nContent-Disposition: form-data; name=\"content\"; filename=\"test_fileo20o3wth.png\"\r\nContent-Type: image/png\r\n\r\n"));
        content.Write(Pictures.Scene(13, 14));
        content.Write(Encoding.UTF8.GetBytes($"\r\n--{Boundary}--\r\n"));
        var form = new ByteArrayContent(content.ToArray()) { Headers = { ContentType = MediaTypeHeaderValue.Parse($"multipart/form-data; boundary={Boundary}") } };

        var created = await SendAsync(HttpMethod.Post, "/v1/files", form);
        IsFile(created);
        IsFile(await SendAsync(HttpMethod.Get, $"/v1/files/{created["id"]}"));
        foreach (var file in (await SendAsync(HttpMethod.Get, "/v1/files"))["results"]!.AsArray())
            IsFile(file!);
        using var removed = await server.Client.DeleteAsync($"/v1/files/{created["id"]}", Token);
        ((int)removed.StatusCode).ShouldBe(204);
    }

    // ReplicateError.from_response
    [Fact]
    public async Task An_error_has_what_its_exception_shows()
    {
        using var content = Body("""{"input": {}, "version": "73001d654114dad81ec65da3b834e2f691af1e1526453189b7bf36fb3f32d0f9"}""");
        using var answer = await server.Client.PostAsync("/v1/predictions", content, Token);

        var error = await answer.BodyAsync();

        ((string)error["title"]!, (int)error["status"]!, error["detail"]).ShouldBe(("Input validation failed", 422, error["detail"].ShouldNotBeNull()));
    }

    /// <summary>What class Prediction asks for: a status of its list, and texts, lists and objects where it says so.</summary>
    private static void IsPrediction(JsonNode prediction)
    {
        ((string)prediction["status"]!).ShouldBeOneOf("starting", "processing", "succeeded", "failed", "canceled");
        foreach (var name in new[] { "id", "model", "version", "created_at" })
            ((string)prediction[name]!).ShouldNotBeEmpty(name);
        foreach (var name in new[] { "logs", "error", "started_at", "completed_at" })
            Should.NotThrow(() => (string?)prediction[name]);
        prediction["input"].ShouldBeOfType<JsonObject>();
        prediction["metrics"].ShouldBeOfType<JsonObject>();
        prediction["urls"]!.AsObject().ShouldAllBe(url => Uri.IsWellFormedUriString((string)url.Value!, UriKind.Absolute));
    }

    private static void IsFile(JsonNode file)
    {
        foreach (var name in new[] { "id", "name", "content_type", "etag", "created_at" })
            ((string)file[name]!).ShouldNotBeEmpty(name);
        ((int)file["size"]!).ShouldBeGreaterThan(0);
        file["metadata"].ShouldBeOfType<JsonObject>();
        file["checksums"]!.AsObject().ShouldAllBe(sum => ((string)sum.Value!).Length > 0);
        ((string)file["urls"]!["get"]!).ShouldEndWith((string)file["id"]!);
    }

    private async Task<JsonNode> SendAsync(HttpMethod method, string path, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers.Concat([("accept", "*/*"), ("accept-encoding", "gzip, deflate"), ("user-agent", "replicate-python/1.0.7"), ("authorization", "Bearer r8_test")]))
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        using var answer = await server.Client.SendAsync(request, Token);
        var text = await answer.Content.ReadAsStringAsync(Token);
        answer.IsSuccessStatusCode.ShouldBeTrue(text);
        return JsonNode.Parse(text)!;
    }

    private static ByteArrayContent Body(string json) => new(Encoding.UTF8.GetBytes(json)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
}
