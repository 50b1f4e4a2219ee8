using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace FlexEdit.Platform.Predictions;

/// <summary>An edit as Replicate's clients read it: a prediction. Property names become snake_case.</summary>
public sealed record PredictionView
{
    /// <summary>The edit's id.</summary>
    public required string Id { get; init; }
    /// <summary><c>flexedit/</c> and the model's id.</summary>
    public required string Model { get; init; }
    /// <summary>The model's version, 64 hexadecimal digits; <c>hidden</c> for an edit that was not made as a prediction.</summary>
    public required string Version { get; init; }
    /// <summary><c>starting</c>, <c>processing</c>, or, for good, <c>succeeded</c>, <c>failed</c>, <c>canceled</c> or <c>aborted</c> (not begun before the <c>Cancel-After</c> of its client).</summary>
    public required string Status { get; init; }
    /// <summary>What was asked for, defaults filled in; pictures by the addresses of their files.</summary>
    public required JsonObject Input { get; init; }
    /// <summary>The results, as addresses that are good without a key for a while, or as <c>data:</c> URIs; null until there are any.</summary>
    public required IReadOnlyList<string>? Output { get; init; }
    /// <summary>Why it failed; null where it did not.</summary>
    public required string? Error { get; init; }
    /// <summary>What there is to tell of its way, one line each; the last one is its progress, written as tqdm does.</summary>
    public required string Logs { get; init; }
    /// <summary>How long it took.</summary>
    public required PredictionMetrics Metrics { get; init; }
    /// <summary>Always <c>api</c>.</summary>
    public string Source { get; init; } = "api";
    /// <summary>Always false: what is removed is answered with 404.</summary>
    public bool DataRemoved { get; init; }
    /// <summary>When it was accepted, UTC.</summary>
    public required DateTime CreatedAt { get; init; }
    /// <summary>When a worker first took it, UTC; null before.</summary>
    public required DateTime? StartedAt { get; init; }
    /// <summary>When it ended, UTC; null before.</summary>
    public required DateTime? CompletedAt { get; init; }
    /// <summary>Until when it has to begin, UTC; absent without a <c>Cancel-After</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTime? Deadline { get; init; }
    /// <summary>The URL that is told about it; absent without one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Webhook { get; init; }
    /// <summary>What that URL is told; absent where nothing was chosen.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? WebhookEventsFilter { get; init; }
    /// <summary>Where its parts are.</summary>
    public required PredictionUrls Urls { get; init; }
}

/// <summary>How long a prediction took; what is not known yet is absent.</summary>
public sealed record PredictionMetrics
{
    /// <summary>Seconds that workers spent on it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? PredictTime { get; init; }
    /// <summary>Seconds from its acceptance to its end.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? TotalTime { get; init; }
}

/// <summary>Where the parts of a prediction are, absolute.</summary>
/// <param name="Get">The prediction.</param>
/// <param name="Cancel">Where to cancel it.</param>
/// <param name="Stream">Its events (SSE); good without a key for a while.</param>
public sealed record PredictionUrls(string Get, string Cancel, string Stream);
