using System.Text.Json.Nodes;
using FlexEdit.Tests.Unit.Gateway.Running;
using Shouldly;
using static FlexEdit.Tests.Unit.Gateway.Running.Answers;

namespace FlexEdit.Tests.Unit.Gateway.Doors.Replicate;

/// <summary>Requests to Replicate's door, and its errors.</summary>
internal static class PredictionCalls
{
    public const string OfModel = $"/v1/models/flexedit/{Cards.Model}/predictions";

    private static CancellationToken Token => Xunit.TestContext.Current.CancellationToken;

    public static string DataUri(byte[] picture) => $"data:image/png;base64,{Convert.ToBase64String(picture)}";

    /// <summary>A prompt that no other test has.</summary>
    public static string Words() => $"remove {FlexEdit.Contracts.Ids.NewMessage(TimeProvider.System)}";

    /// <summary>Inputs that are accepted, and more.</summary>
    public static JsonObject Input(string prompt, params (string Name, JsonNode? Value)[] more)
    {
        var input = new JsonObject { ["image"] = DataUri(Pictures.Scene()), ["prompt"] = prompt };
        foreach (var (name, value) in more)
            input[name] = value;
        return input;
    }

    /// <summary>Posts a prediction.</summary>
    public static async Task<HttpResponseMessage> PredictAsync(this HttpClient client, JsonNode input, string path = OfModel, (string Name, JsonNode? Value)[]? beside = null, params (string Name, string Value)[] headers)
    {
        var body = new JsonObject { ["input"] = input.DeepClone() };
        foreach (var (name, value) in beside ?? [])
            body[name] = value;
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = Json(body.ToJsonString()) };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        return await client.SendAsync(request, Token);
    }

    /// <summary>A prediction as it is now.</summary>
    public static async Task<JsonObject> PredictionAsync(this HttpClient client, string id) =>
        JsonNode.Parse(await client.GetStringAsync($"/v1/predictions/{id}", Token))!.AsObject();

    /// <summary>Checks that an answer is an error, and which.</summary>
    public static async Task<JsonObject> ShouldBeReplicateErrorAsync(this HttpResponseMessage answer, int status, string code, string? field)
    {
        var body = await answer.BodyAsync();
        ((int)answer.StatusCode).ShouldBe(status, body.ToJsonString());
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        ((int)body["status"]!, (string)body["code"]!, (string?)body["invalid_fields"]?[0]?["field"]).ShouldBe((status, code, field), body.ToJsonString());
        ((string)body["title"]!).ShouldNotBeEmpty();
        ((string)body["detail"]!).ShouldContain(field ?? ".");
        return body;
    }
}
