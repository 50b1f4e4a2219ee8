using System.Text.Json;
using FlexEdit.Platform.Problems;

namespace FlexEdit.Gateway.Edits.SubmitEdit;

/// <summary>The URL that is told about the edit, and what it is told. Storage, which sends to it, decides whether it may.</summary>
internal static class ReadWebhook
{
    /// <summary>Reads both; null where they are not given.</summary>
    /// <exception cref="ProblemException">400: <c>webhook_events</c> is no list of strings, or given without <c>webhook</c>.</exception>
    public static (string? Url, IReadOnlyList<string>? Events) Run(EditFields fields)
    {
        var (url, events) = (fields.Choice(FieldNames.Webhook), fields.Tree(FieldNames.WebhookEvents));
        if (events is null)
            return (url, null);
        if (url is null)
            throw Wrong("is given without webhook, the URL that it is for");
        try
        {
            return (url, JsonSerializer.Deserialize<List<string?>>(events) is { } names && !names.Contains(null) ? names.OfType<string>().ToList() : throw Wrong("must be a JSON list of strings"));
        }
        catch (JsonException)
        {
            throw Wrong("must be a JSON list of strings");
        }
    }

    private static ProblemException Wrong(string what) => new(Problem.Malformed($"webhook_events {what}.", FieldNames.WebhookEvents));
}
