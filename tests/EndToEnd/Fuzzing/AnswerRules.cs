using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlexEdit.Tests.EndToEnd.Fuzzing;

/// <summary>What every answer must keep to, by the document.</summary>
internal sealed class AnswerRules(ApiDescription api, Schemas schemas)
{
    /// <summary>What is wrong with an answer; empty where nothing is.</summary>
    /// <param name="request">What was asked.</param>
    /// <param name="answer">Status and headers.</param>
    /// <param name="body">The body; of events those that came until the reader had enough.</param>
    public IEnumerable<string> Complaints(FuzzRequest request, HttpResponseMessage answer, byte[] body)
    {
        var status = (int)answer.StatusCode;
        var text = Encoding.UTF8.GetString(body);
        // What is no HTTP never gets past the web server, which says so in a status without a body.
        if (status == 400 && body.Length == 0 && !answer.Headers.Contains("X-Request-Id"))
            yield break;
        if (request.Operation.Responses[$"{status}"] is not { } response)
        {
            yield return $"status {status} is not declared: {text}";
            yield break;
        }

        if (status >= 500 && !IsExcused(request, answer, status))
            yield return $"status {status}: {text}";
        if (status < 300 && request.Broken is { } broken)
            yield return $"accepted what breaks the document: {broken}";
        if (request.IsForeign && status is not (404 or 400 or 401 or 413 or 415 or 422))
            yield return $"status {status} for another tenant's id";
        if (!answer.Headers.Contains("X-Request-Id"))
            yield return "X-Request-Id is missing";
        foreach (var (name, header) in response["headers"]?.AsObject() ?? [])
        {
            var declared = (string?)header!["$ref"] is { } reference ? api.Headers[reference.Split('/')[^1]]! : header;
            if ((bool?)declared["required"] == true && !answer.Headers.Concat(answer.Content.Headers).Any(one => one.Key.Equals(name, StringComparison.OrdinalIgnoreCase)))
                yield return $"{name} is missing";
        }

        if (text.Contains("   at ", StringComparison.Ordinal) || text.Contains("Exception:", StringComparison.Ordinal))
            yield return $"a stack trace: {text}";
        foreach (var complaint in Body(request.Operation, response["content"]?.AsObject() ?? [], answer.Content.Headers.ContentType, body, text))
            yield return complaint;
    }

    private IEnumerable<string> Body(ApiOperation operation, JsonObject declared, MediaTypeHeaderValue? type, byte[] body, string text)
    {
        if (declared.Count == 0)
            return body.Length == 0 ? [] : [$"a body where none is declared: {text}"];
        if (type?.MediaType is not { } media || declared[media] is not { } content)
            return [$"content type '{type}' is not declared: {text}"];
        return media switch
        {
            "application/json" or "application/problem+json" => Json(text, content["schema"]),
            "application/jsonl" => text.Split('\n', StringSplitOptions.RemoveEmptyEntries).SelectMany(line => Json(line, content["schema"])),
            "text/event-stream" when operation.Id == "streamPrediction" => PredictionEvents(body),
            "text/event-stream" => Events(body),
            _ when media.StartsWith("image/", StringComparison.Ordinal) => body.Length > 0 ? [] : ["an empty picture"],
            _ => [],
        };
    }

    private IReadOnlyList<string> Json(string text, JsonNode? schema)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return schema is null ? [] : [.. schemas.Complaints(document.RootElement, schema.AsObject()).Select(complaint => $"{complaint} in {text}")];
        }
        catch (JsonException)
        {
            return [$"no JSON: {text}"];
        }
    }

    private IEnumerable<string> Events(byte[] body)
    {
        foreach (var item in SseParser.Create(new MemoryStream(body)).Enumerate())
        {
            foreach (var complaint in Json(item.Data, item.EventType == "done" ? api.Components["Edit"] : null))
                yield return $"event {item.EventType}: {complaint}";
        }
    }

    // Their data are texts, but for what the last one says.
    private IEnumerable<string> PredictionEvents(byte[] body)
    {
        foreach (var item in SseParser.Create(new MemoryStream(body)).Enumerate())
        {
            if (item.EventType is not ("logs" or "output" or "error" or "done"))
                yield return $"event {item.EventType}: nobody knows it";
            foreach (var complaint in item.EventType == "done" ? Json(item.Data, null) : [])
                yield return $"event done: {complaint}";
        }
    }

    // Not now is an answer, and so is an edit that was to be begun by then and was not.
    private static bool IsExcused(FuzzRequest request, HttpResponseMessage answer, int status) =>
        (status == 503 && answer.Headers.RetryAfter is not null) || (status == 504 && request.Headers.Any(header => header.Name == "Cancel-After"));
}
