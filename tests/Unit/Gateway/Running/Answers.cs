using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Shouldly;

namespace FlexEdit.Tests.Unit.Gateway.Running;

/// <summary>Requests and answers in short.</summary>
internal static class Answers
{
    private static CancellationToken Token => Xunit.TestContext.Current.CancellationToken;

    /// <summary>A form of files (byte arrays) and texts.</summary>
    public static MultipartFormDataContent Form(params (string Name, object? Value)[] fields)
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields)
        {
            if (value is byte[] bytes)
                form.Add(new ByteArrayContent(bytes), name, name + ".bin");
            else if (value is string text)
                form.Add(new StringContent(text), name);
        }

        return form;
    }

    /// <summary>A form that is accepted, with some fields in other words (null: left out).</summary>
    public static MultipartFormDataContent GoodForm(params (string Name, object? Value)[] changes)
    {
        var fields = new Dictionary<string, object?>
        {
            ["scene"] = Pictures.Scene(),
            ["mask"] = Pictures.Mask(),
            ["instruction"] = "remove the chair",
        };
        foreach (var (name, value) in changes)
            fields[name] = value;
        return Form([.. fields.Select(field => (field.Key, field.Value))]);
    }

    public static Task<HttpResponseMessage> PostEditAsync(this HttpClient client, HttpContent content, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/edits") { Content = content };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        return client.SendAsync(request, Token);
    }

    public static StringContent Json(string json) => new(json, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));

    public static async Task<JsonObject> BodyAsync(this HttpResponseMessage response) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync(Token))!.AsObject();

    /// <summary>Checks that an answer is a problem, and which.</summary>
    public static async Task<JsonObject> ShouldBeProblemAsync(this HttpResponseMessage response, int status, string code, string? param)
    {
        var text = await response.Content.ReadAsStringAsync(Token);
        ((int)response.StatusCode).ShouldBe(status, text);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var problem = JsonNode.Parse(text)!.AsObject();
        problem.Select(member => member.Key).ShouldBe(["type", "title", "status", "detail", "code", "param", "retryable", "request_id"]);
        ((int)problem["status"]!).ShouldBe(status);
        ((string)problem["code"]!).ShouldBe(code);
        ((string?)problem["param"]).ShouldBe(param);
        ((string)problem["type"]!).ShouldBe($"urn:flexedit:problem:{code}");
        ((string)problem["detail"]!).ShouldEndWith(".");
        ((string)problem["request_id"]!).ShouldBe(response.Headers.GetValues("X-Request-Id").Single());
        text.ShouldNotContain("   at ");
        return problem;
    }

    public static void ShouldBe(this HttpStatusCode actual, int expected) => ((int)actual).ShouldBe(expected);
}
