using System.Text.Json.Nodes;
using FlexEdit.Tests.Unit.Gateway.Running;
using Shouldly;
using Xunit;
using static FlexEdit.Tests.Unit.Gateway.Doors.Replicate.PredictionCalls;

namespace FlexEdit.Tests.Unit.Gateway.Doors.Replicate;

/// <summary>What Replicate's door refuses, in its own shape.</summary>
public class RefusalTests(DoorServer server) : IClassFixture<DoorServer>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string?, int, string, string> Inputs => new()
    {
        { "image", null, 422, "scene_required", "input.image" },
        { "image", "\"data:image/png;base64,AAAA\"", 415, "unsupported_image", "input.image" },
        { "image", "\"data:image/png;base64,A\"", 400, "malformed", "input.image" },
        { "image", "\"ast_00000000000000000000000000\"", 422, "unknown_asset", "input.image" },
        { "image", "\"http://127.0.0.1/v1/files/ast_00000000000000000000000000\"", 422, "unknown_asset", "input.image" },
        { "image", "\"http://127.0.0.1/picture.png\"", 422, "invalid_url", "input.image" },
        { "image", "[]", 400, "malformed", "input.image" },
        { "mask", "7", 400, "malformed", "input.mask" },
        { "prompt", null, 422, "instruction_required", "input.prompt" },
        { "prompt", "\" \"", 422, "instruction_required", "input.prompt" },
        { "prompt", "7", 400, "malformed", "input.prompt" },
        { "num_outputs", "5", 422, "option_out_of_range", "input.num_outputs" },
        { "n", "1.5", 422, "option_out_of_range", "input.num_outputs" },
        { "num_inference_steps", "1000", 422, "option_out_of_range", "input.num_inference_steps" },
        { "seed", "\"7\"", 400, "malformed", "input.seed" },
        { "output_format", "\"gif\"", 422, "option_out_of_range", "input.output_format" },
        { "background", "\"transparent\"", 422, "option_out_of_range", "input.background" },
        { "scene", "\"x\"", 422, "unknown_field", "input.scene" },
        { "webhook", "\"https://example.org/\"", 422, "unknown_field", "input.webhook" },
    };

    [Theory]
    [MemberData(nameof(Inputs))]
    public async Task Refuses_an_input(string name, string? value, int status, string code, string field)
    {
        var input = Input("remove it");
        input.Remove(name);
        if (value is not null)
            input[name] = JsonNode.Parse(value);

        using var answer = await server.Client.PredictAsync(input);

        var error = await answer.ShouldBeReplicateErrorAsync(status, code, field);
        ((string)error["title"]!, (string)error["invalid_fields"]![0]!["type"]!).ShouldBe(("Input validation failed", code));
    }

    public static TheoryData<string, string, int, string, string?> Bodies => new()
    {
        { "/v1/predictions", """{"input":INPUT}""", 422, "unknown_model", "version" },
        { "/v1/predictions", """{"input":INPUT,"version":"0000000000000000000000000000000000000000000000000000000000000000"}""", 422, "unknown_model", "version" },
        { "/v1/predictions", """{"input":INPUT,"version":"someone/painter"}""", 422, "unknown_model", "version" },
        { "/v1/predictions", """{"input":INPUT,"version":"flexedit/flexedit-tiny:0"}""", 422, "unknown_model", "version" },
        { "/v1/predictions", """{"version":"flexedit-tiny"}""", 422, "instruction_required", "input" },
        { "/v1/predictions", """{"version":"flexedit-tiny","input":"x"}""", 400, "malformed", "input" },
        { "/v1/predictions", """{"version":"flexedit-tiny","input":INPUT,"prompt":"x"}""", 422, "unknown_field", "prompt" },
        { "/v1/predictions", """{"version":"flexedit-tiny","input":INPUT,"stream":"yes"}""", 400, "malformed", "stream" },
        { "/v1/predictions", """{"version":"flexedit-tiny","input":INPUT,"webhook":"http://127.0.0.1/"}""", 422, "webhook_invalid", "webhook" },
        { "/v1/predictions", """{"version":"flexedit-tiny","input":INPUT,"webhook":"https://example.org/","webhook_events_filter":["succeeded"]}""", 400, "malformed", "webhook_events_filter" },
        { "/v1/predictions", """{"version":"flexedit-tiny","input":INPUT,"webhook":"https://example.org/","webhook_events_filter":[null]}""", 400, "malformed", "webhook_events_filter" },
        { "/v1/predictions", """{"version":"flexedit-tiny","input":INPUT,"webhook_events_filter":["completed"]}""", 400, "malformed", "webhook_events_filter" },
        { "/v1/predictions", """{"version":"flexedit-tiny","input":INPUT,"webhook":"https://example.org/","webhook_completed":"https://example.org/"}""", 400, "malformed", "webhook_completed" },
        { "/v1/predictions", """{"version":""", 400, "malformed", null },
        { OfModel, """{"input":INPUT,"version":"flexedit-tiny"}""", 422, "unknown_field", "version" },
        { "/v1/models/flexedit/none/predictions", """{"input":INPUT}""", 404, "not_found", null },
        { "/v1/models/someone/flexedit-tiny/predictions", """{"input":INPUT}""", 404, "not_found", null },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Refuses_a_body(string path, string body, int status, string code, string? field)
    {
        using var content = Answers.Json(body.Replace("INPUT", Input("remove it").ToJsonString(), StringComparison.Ordinal));

        using var answer = await server.Client.PostAsync(path, content, Token);

        await answer.ShouldBeReplicateErrorAsync(status, code, field);
    }

    [Theory]
    [InlineData("GET", "/v1/predictions/edt_00000000000000000000000000", 404, "not_found")]
    [InlineData("GET", "/v1/predictions/x", 404, "not_found")]
    [InlineData("POST", "/v1/predictions/edt_00000000000000000000000000/cancel", 404, "not_found")]
    [InlineData("GET", "/v1/predictions/edt_00000000000000000000000000/outputs/0.png", 404, "not_found")]
    [InlineData("GET", "/v1/files/streams/edt_00000000000000000000000000", 404, "not_found")]
    [InlineData("GET", "/v1/files/ast_00000000000000000000000000", 404, "not_found")]
    [InlineData("DELETE", "/v1/files/ast_00000000000000000000000000", 404, "not_found")]
    [InlineData("GET", "/v1/models/flexedit/none", 404, "not_found")]
    [InlineData("GET", "/v1/models/flexedit/flexedit-tiny/versions/0", 404, "not_found")]
    [InlineData("POST", "/v1/models/flexedit/flexedit-tiny/trainings", 404, "not_found")]
    [InlineData("PUT", "/v1/predictions", 405, "method_not_allowed")]
    public async Task Has_nothing_there(string method, string path, int status, string code)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var answer = await server.Client.SendAsync(request, Token);

        await answer.ShouldBeReplicateErrorAsync(status, code, null);
    }

    [Theory]
    [InlineData("/v1/predictions?cursor=x", "cursor")]
    [InlineData("/v1/predictions?source=web", "source")]
    [InlineData("/v1/predictions?created_after=yesterday", "created_after")]
    [InlineData("/v1/files?cursor=edt_00000000000000000000000000", "cursor")]
    public async Task Refuses_a_query(string path, string field)
    {
        using var answer = await server.Client.GetAsync(path, Token);

        await answer.ShouldBeReplicateErrorAsync(400, "malformed", field);
    }

    [Theory]
    [InlineData("Cancel-After", "soon")]
    [InlineData("Idempotency-Key", "")]
    public async Task Refuses_a_header(string name, string value)
    {
        using var answer = await server.Client.PredictAsync(Input("remove it"), headers: (name, value));

        await answer.ShouldBeReplicateErrorAsync(400, "malformed", name);
    }
}
