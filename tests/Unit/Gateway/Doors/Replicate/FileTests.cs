using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using FlexEdit.Tests.Unit.Gateway.Running;
using Shouldly;
using Xunit;
using static FlexEdit.Tests.Unit.Gateway.Doors.Replicate.PredictionCalls;

namespace FlexEdit.Tests.Unit.Gateway.Doors.Replicate;

/// <summary>Assets as Replicate's files.</summary>
public class FileTests(DoorServer server) : IClassFixture<DoorServer>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_is_an_asset_that_an_input_names_by_its_address()
    {
        var bytes = Pictures.SceneJpeg(31, 17);
        using var answer = await UploadAsync(bytes, """{"order":17}""");
        var file = await answer.BodyAsync();
        var id = (string)file["id"]!;
        answer.StatusCode.ShouldBe(201);
        ((string)file["content_type"]!, (long)file["size"]!, (string)file["name"]!).ShouldBe(("image/jpeg", bytes.Length, $"{id}.jpeg"));
        ((string)file["checksums"]!["sha256"]!, (int)file["metadata"]!["order"]!).ShouldBe(((string)file["etag"]!, 17));
        var address = (string)file["urls"]!["get"]!;
        address.ShouldBe($"{server.Client.BaseAddress}v1/files/{id}");
        ((string)JsonNode.Parse(await server.Client.GetStringAsync($"/v1/assets/{id}", Token))!["sha256"]!).ShouldBe((string)file["etag"]!);
        ((long)JsonNode.Parse(await server.Client.GetStringAsync(address, Token))!["size"]!).ShouldBe(bytes.Length);
        JsonNode.Parse(await server.Client.GetStringAsync("/v1/files", Token))!["results"]!.AsArray().Select(one => (string)one!["id"]!).ShouldContain(id);

        // Under another name of the same server, too.
        foreach (var named in new[] { address, $"https://edit.example.org/v1/files/{id}", id })
        {
            using var made = await server.Client.PredictAsync(Input(Words(), ("image", named)));
            var prediction = await made.BodyAsync();
            ((int)made.StatusCode, (string?)prediction["input"]?["image"]).ShouldBe((201, address), prediction.ToJsonString());
        }

        using var removed = await server.Client.DeleteAsync(address, Token);
        using var gone = await server.Client.GetAsync(address, Token);
        ((int)removed.StatusCode, (int)gone.StatusCode).ShouldBe((204, 404));
    }

    [Theory]
    [InlineData("no picture", 415, "unsupported_image")]
    [InlineData("", 422, "invalid_image")]
    public async Task Takes_only_pictures(string content, int status, string code)
    {
        using var answer = await UploadAsync(System.Text.Encoding.UTF8.GetBytes(content), "{}");

        await answer.ShouldBeReplicateErrorAsync(status, code, "content");
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("x")]
    public async Task Metadata_are_an_object(string metadata)
    {
        using var answer = await UploadAsync(Pictures.Scene(), metadata);

        await answer.ShouldBeReplicateErrorAsync(400, "malformed", "metadata");
    }

    [Fact]
    public async Task A_form_without_its_file_is_refused()
    {
        using var form = Answers.Form(("picture", Pictures.Scene()));
        using var other = await server.Client.PostAsync("/v1/files", form, Token);
        using var empty = Answers.Form(("metadata", "{}"));
        using var none = await server.Client.PostAsync("/v1/files", empty, Token);

        await other.ShouldBeReplicateErrorAsync(422, "unknown_field", "picture");
        await none.ShouldBeReplicateErrorAsync(400, "malformed", "content");
    }

    // As the JavaScript client does: the metadata are a file, too.
    private static async Task<HttpResponseMessage> UploadAsync(HttpClient client, byte[] bytes, string metadata)
    {
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } }, "content", "buffer_1700000000000" },
            { new StringContent(metadata, new MediaTypeHeaderValue("application/json")), "metadata", "blob" },
        };
        return await client.PostAsync("/v1/files", form, Token);
    }

    private Task<HttpResponseMessage> UploadAsync(byte[] bytes, string metadata) => UploadAsync(server.Client, bytes, metadata);
}
