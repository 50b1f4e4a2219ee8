using System.Globalization;
using System.Text.Json;
using FlexEdit.Contracts.Errors;
using FlexEdit.Platform.Outbound;
using FlexEdit.Platform.Problems;
using FlexEdit.Storage.Webhooks.Events;

namespace FlexEdit.Storage.Webhooks.Endpoints;

/// <summary>The JSON bodies of requests about webhooks, and their checks.</summary>
internal sealed class WebhookFields
{
    private const int MostBytes = 64 * 1024;
    private readonly Dictionary<string, JsonElement> _fields = new(StringComparer.Ordinal);

    /// <summary>Reads a body whose fields are among <paramref name="known"/>; an empty body has none.</summary>
    /// <exception cref="ProblemException">400: no JSON object; 413; 422: an unknown field.</exception>
    public static async Task<WebhookFields> ReadAsync(HttpRequest request, params string[] known)
    {
        var body = new MemoryStream();
        var part = new byte[8192];
        while (await request.Body.ReadAsync(part, request.HttpContext.RequestAborted) is var count and > 0)
        {
            body.Write(part, 0, count);
            if (body.Length > MostBytes)
                throw new ProblemException(Problem.TooLarge($"The body has more than {MostBytes} bytes."));
        }
        var fields = new WebhookFields();
        if (body.Length == 0)
            return fields;
        try
        {
            using var document = JsonDocument.Parse(body.GetBuffer().AsMemory(0, (int)body.Length), new JsonDocumentOptions { AllowDuplicateProperties = false });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new ProblemException(Problem.Malformed("The body must be a JSON object."));
            foreach (var field in document.RootElement.EnumerateObject().Where(field => field.Value.ValueKind != JsonValueKind.Null))
            {
                if (!known.Contains(field.Name))
                    throw new ProblemException(Problem.Unprocessable(ErrorCodes.UnknownField, $"There is no such field; the fields are {string.Join(", ", known)}.", field.Name.Length <= 64 ? field.Name : null));
                fields._fields.Add(field.Name, field.Value.Clone());
            }
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            throw new ProblemException(Problem.Malformed("The body must be a JSON object in which no name is given twice."));
        }
        return fields;
    }

    /// <summary>A text; null where there is none.</summary>
    public string? Text(string name)
    {
        try
        {
            return !_fields.TryGetValue(name, out var value) ? null : value.ValueKind == JsonValueKind.String ? value.GetString() : throw Wrong(name, "a string");
        }
        catch (InvalidOperationException)
        {
            throw Wrong(name, "valid Unicode text");
        }
    }

    /// <summary>A truth; null where there is none.</summary>
    public bool? Truth(string name) => !_fields.TryGetValue(name, out var value) ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(name, "true or false");

    /// <summary>A list of texts; null where there is none.</summary>
    public IReadOnlyList<string>? Texts(string name) => !_fields.TryGetValue(name, out var value) ? null
        : value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
            ? [.. value.EnumerateArray().Select(item => item.GetString()!)] : throw Wrong(name, "a list of strings");

    /// <summary>Whole seconds; null where there are none.</summary>
    public TimeSpan? Seconds(string name, TimeSpan most)
    {
        if (!_fields.TryGetValue(name, out var value))
            return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var seconds) && seconds >= 0 && seconds <= most.TotalSeconds
            ? TimeSpan.FromSeconds(seconds)
            : throw Wrong(name, string.Create(CultureInfo.InvariantCulture, $"a whole number from 0 to {most.TotalSeconds:0}"));
    }

    /// <summary>A time, UTC ticks; null where there is none.</summary>
    public long? Time(string name) => Text(name) is not { } text ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.UtcTicks
        : throw Wrong(name, "a time such as 2026-11-24T06:00:00Z");

    /// <summary>The URL, checked against the rules.</summary>
    /// <exception cref="ProblemException">422 <c>webhook_invalid</c>.</exception>
    public string? Url(TargetRules rules) => Text("url") is not { } url ? null
        : rules.WhyRefused(url) is { } refused ? throw new ProblemException(Problem.Unprocessable(ErrorCodes.WebhookInvalid, refused, "url"))
        : url;

    /// <summary>The filter as it is stored; null where there is none.</summary>
    /// <exception cref="ProblemException">422 <c>webhook_invalid</c>: no such event.</exception>
    public string? Events() => Texts("events") is not { } events ? null
        : WhyRefused(events, WebhookEvents.OfEndpoints) is { } refused ? throw new ProblemException(Problem.Unprocessable(ErrorCodes.WebhookInvalid, refused, "events"))
        : WebhookEvents.Filter(events);

    /// <summary>Why names of events are refused, as a sentence; null where they are not.</summary>
    public static string? WhyRefused(IReadOnlyCollection<string> events, IReadOnlyList<string> known) =>
        events.All(name => name == WebhookEvents.All || known.Contains(name)) ? null : $"There is no such event; the events are {string.Join(", ", known)}.";

    private static ProblemException Wrong(string name, string what) => new(Problem.Malformed($"{name} must be {what}.", name));
}
