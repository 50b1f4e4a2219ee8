using System.Text.Json.Nodes;
using FlexEdit.Tests.Unit.Gateway.Running;
using Shouldly;

namespace FlexEdit.Tests.Unit.Gateway.Doors.OpenAi;

/// <summary>Errors of OpenAI's door.</summary>
internal static class OpenAiAnswers
{
    /// <summary>Checks that an answer is an error, and which.</summary>
    public static async Task<JsonNode> ShouldBeOpenAiErrorAsync(this HttpResponseMessage answer, int status, string type, string code, string? param)
    {
        var body = await answer.BodyAsync();
        ((int)answer.StatusCode).ShouldBe(status, body.ToJsonString());
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        var error = body.ShouldHaveSingleItem().Value!.AsObject();
        error.Select(member => member.Key).ShouldBe(["message", "type", "param", "code"]);
        ((string)error["type"]!, (string)error["code"]!, (string?)error["param"]).ShouldBe((type, code, param));
        ((string)error["message"]!).ShouldEndWith(".");
        answer.Headers.GetValues("X-Request-Id").ShouldHaveSingleItem();
        return error;
    }
}
