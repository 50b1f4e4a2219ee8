using System.Diagnostics.Metrics;

namespace FlexEdit.Storage.Webhooks.Delivering;

/// <summary>What an operator sees of each endpoint. URLs that edits name themselves are counted together, as <c>default</c>.</summary>
internal sealed class DeliveryMetrics : IDisposable
{
    public const string MeterName = "FlexEdit.Webhooks";
    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _attempts;
    private readonly Histogram<double> _duration;
    private volatile IReadOnlyList<Waiting> _waiting = [];

    public DeliveryMetrics()
    {
        _attempts = _meter.CreateCounter<long>("flexedit.webhooks.attempts", description: "Attempts to deliver, by endpoint and outcome.");
        _duration = _meter.CreateHistogram<double>("flexedit.webhooks.duration", "s", "Time of an attempt, by endpoint.");
        _meter.CreateObservableGauge(
            "flexedit.webhooks.undelivered", () => _waiting.Select(w => new Measurement<long>(w.Count, Tag(w.Webhook))), description: "Messages not delivered yet, by endpoint.");
        _meter.CreateObservableGauge(
            "flexedit.webhooks.oldest_undelivered", () => _waiting.Select(w => new Measurement<double>(w.Oldest.TotalSeconds, Tag(w.Webhook))), "s", "Age of the oldest message not delivered yet, by endpoint.");
    }

    /// <summary>An attempt was made.</summary>
    public void Note(string? webhook, SendOutcome outcome)
    {
        var what = outcome.IsSuccess ? "delivered" : outcome.Status is { } status ? $"status_{status}" : "no_answer";
        _attempts.Add(1, Tag(webhook), new KeyValuePair<string, object?>("outcome", what));
        _duration.Record(outcome.Latency.TotalSeconds, Tag(webhook));
    }

    /// <summary>What waits now.</summary>
    public void Show(IReadOnlyList<Waiting> waiting) => _waiting = waiting;

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private static KeyValuePair<string, object?> Tag(string? webhook) => new("webhook", webhook ?? Ledger.WebhookSecretRow.Default);

    /// <summary>What waits for one endpoint.</summary>
    /// <param name="Webhook">Its id; null for URLs of edits' own.</param>
    /// <param name="Count">Messages.</param>
    /// <param name="Oldest">Age of the oldest.</param>
    internal sealed record Waiting(string? Webhook, long Count, TimeSpan Oldest);
}
