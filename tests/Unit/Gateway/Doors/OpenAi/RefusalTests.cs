using System.Net.Http.Headers;
using FlexEdit.Tests.Unit.Gateway.Running;
using Shouldly;
using Xunit;
using static FlexEdit.Tests.Unit.Gateway.Running.Answers;

namespace FlexEdit.Tests.Unit.Gateway.Doors.OpenAi;

/// <summary>What OpenAI's door refuses, in its own shape.</summary>
public class RefusalTests(DoorServer server) : IClassFixture<DoorServer>
{
    private const string Path = "/v1/images/edits";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string?, string, string?> Fields => new()
    {
        { "size", "1024x1024", "option_out_of_range", "size" },
        { "size", "large", "option_out_of_range", "size" },
        { "n", "5", "option_out_of_range", "n" },
        { "partial_images", "4", "option_out_of_range", "partial_images" },
        { "partial_images", "two", "malformed", "partial_images" },
        { "stream", "perhaps", "malformed", "stream" },
        { "response_format", "hex", "option_out_of_range", "response_format" },
        { "background", "transparent", "option_out_of_range", "background" },
        { "output_format", "gif", "option_out_of_range", "output_format" },
        { "output_compression", "101", "option_out_of_range", "output_compression" },
        { "prompt", null, "instruction_required", "prompt" },
        { "prompt", " ", "instruction_required", "prompt" },
        { "image", null, "scene_required", "image" },
        { "image", "no picture", "unsupported_image", "image" },
        { "mask", "no picture", "unsupported_image", "mask" },
        { "instruction", "remove it", "unknown_field", "instruction" },
        { "scene", "x", "unknown_field", "scene" },
    };

    [Theory]
    [MemberData(nameof(Fields))]
    public async Task Refuses_a_field(string name, string? value, string code, string? param)
    {
        var fields = new Dictionary<string, object?> { ["image"] = Pictures.Scene(), ["prompt"] = "remove the chair", [name] = value };
        using var form = Form([.. fields.Select(field => (field.Key, field.Value))]);

        using var answer = await server.Client.PostAsync(Path, form, Token);

        await answer.ShouldBeOpenAiErrorAsync(400, "invalid_request_error", code, param);
        answer.Headers.GetValues("x-should-retry").ShouldBe(["false"]);
    }

    [Fact]
    public async Task Says_a_size_that_it_would_take()
    {
        using var form = Form(("image", Pictures.Scene()), ("prompt", "remove it"), ("size", "512x512"));

        using var answer = await server.Client.PostAsync(Path, form, Token);

        var error = await answer.ShouldBeOpenAiErrorAsync(400, "invalid_request_error", "option_out_of_range", "size");
        ((string)error["message"]!).ShouldStartWith("size must be auto or 60x40:");
    }

    [Fact]
    public async Task Refuses_a_third_image()
    {
        using var form = Form(("image[]", Pictures.Scene()), ("image[]", Pictures.Scene()), ("image[]", Pictures.Scene()), ("prompt", "remove it"));

        using var answer = await server.Client.PostAsync(Path, form, Token);

        await answer.ShouldBeOpenAiErrorAsync(400, "invalid_request_error", "option_out_of_range", "image");
    }

    [Theory]
    [InlineData("""{"images":[{"file_id":"x","image_url":"y"}],"prompt":"a"}""", "malformed", "image")]
    [InlineData("""{"images":["data:image/png;base64,AAAA"],"prompt":"a"}""", "malformed", "image")]
    [InlineData("""{"images":{"image_url":"x"},"prompt":"a"}""", "malformed", "images")]
    [InlineData("""{"images":[],"prompt":"a"}""", "scene_required", "image")]
    [InlineData("""{"images":[{"image_url":"data:image/png;base64,%%"}],"prompt":"a"}""", "malformed", "image")]
    [InlineData("[]", "malformed", null)]
    public async Task Refuses_json(string json, string code, string? param)
    {
        using var body = Json(json);

        using var answer = await server.Client.PostAsync(Path, body, Token);

        var error = await answer.ShouldBeOpenAiErrorAsync(400, "invalid_request_error", code, param);
        ((string)error["message"]!).ShouldNotContain("scene ");
    }

    [Fact]
    public async Task A_model_that_is_not_there_is_404()
    {
        using var form = Form(("image", Pictures.Scene()), ("prompt", "remove it"), ("model", "flux"));

        using var answer = await server.Client.PostAsync(Path, form, Token);

        await answer.ShouldBeOpenAiErrorAsync(404, "invalid_request_error", "model_not_found", "model");
    }

    [Fact]
    public async Task A_picture_that_is_too_large_is_413()
    {
        using var form = Form(("image", new byte[200_001]), ("prompt", "remove it"));

        using var answer = await server.Client.PostAsync(Path, form, Token);

        var error = await answer.ShouldBeOpenAiErrorAsync(413, "invalid_request_error", "payload_too_large", "image");
        ((string)error["message"]!).ShouldStartWith("image is larger");
    }

    [Theory]
    [InlineData("GET", Path, 405, "method_not_allowed")]
    [InlineData("POST", "/v1/images/generations", 404, "not_found")]
    public async Task What_routing_refuses_has_the_same_shape(string method, string path, int status, string code)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var answer = await server.Client.SendAsync(request, Token);

        await answer.ShouldBeOpenAiErrorAsync(status, "invalid_request_error", code, null);
    }

    [Fact]
    public async Task What_is_no_form_and_no_json_is_refused()
    {
        using var text = new StringContent("image", new MediaTypeHeaderValue("text/plain"));

        using var answer = await server.Client.PostAsync(Path, text, Token);

        await answer.ShouldBeOpenAiErrorAsync(400, "invalid_request_error", "unsupported_media_type", null);
    }
}
