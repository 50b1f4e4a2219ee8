using System.Text.Json.Serialization;
using FlexEdit.Storage.Ledger;

namespace FlexEdit.Storage.Webhooks.Endpoints;

/// <summary>An endpoint as the public API shows it.</summary>
internal sealed record WebhookView
{
    /// <summary><c>whe_…</c></summary>
    public required string Id { get; init; }
    /// <summary>Always <c>webhook</c>.</summary>
    public string Object { get; init; } = "webhook";
    /// <summary>Where messages are posted.</summary>
    public required string Url { get; init; }
    /// <summary>What it is told; <c>*</c>: everything.</summary>
    public required IReadOnlyList<string> Events { get; init; }
    /// <summary>Whether anything is sent.</summary>
    public required bool Enabled { get; init; }
    /// <summary>Why the server disabled it.</summary>
    public required string? DisabledReason { get; init; }
    /// <summary>Only in the answer to its creation and rotation.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Secret { get; init; }
    /// <summary>Since when nothing but failures came back; null when it is well.</summary>
    public required DateTime? FailingSince { get; init; }
    /// <summary>When it was made.</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>The view of a row, without secrets.</summary>
    public static WebhookView Of(WebhookRow row) => new()
    {
        Id = row.Id,
        Url = row.Url,
        Events = row.Events.Split(' '),
        Enabled = row.Enabled,
        DisabledReason = row.DisabledReason,
        FailingSince = UtcTime.Of(row.FailingSince),
        CreatedAt = UtcTime.Of(row.CreatedAt),
    };
}

/// <summary>A delivery as the public API shows it.</summary>
internal sealed record DeliveryView
{
    /// <summary><c>dlv_…</c></summary>
    public required string Id { get; init; }
    /// <summary>Always <c>delivery</c>.</summary>
    public string Object { get; init; } = "delivery";
    /// <summary>The endpoint; null for the URL that an edit named itself.</summary>
    public required string? Webhook { get; init; }
    /// <summary>What happened.</summary>
    public required string Event { get; init; }
    /// <summary><c>msg_…</c>: the <c>webhook-id</c> of every attempt.</summary>
    public required string MessageId { get; init; }
    /// <summary><c>pending</c>, <c>delivered</c>, <c>failed</c> or <c>skipped</c>.</summary>
    public required string State { get; init; }
    /// <summary>Null while it is being sent, waits for an earlier one of its edit, or has ended.</summary>
    public required DateTime? NextAttemptAt { get; init; }
    /// <summary>Every attempt, in order.</summary>
    public required IReadOnlyList<DeliveryAttemptView> Attempts { get; init; }
    /// <summary>When it happened.</summary>
    public required DateTime CreatedAt { get; init; }

    public static DeliveryView Of(DeliveryRow row, IEnumerable<DeliveryAttemptRow> attempts) => new()
    {
        Id = row.Id,
        Webhook = row.WebhookId,
        Event = row.Event,
        MessageId = row.MessageId,
        State = row.State,
        NextAttemptAt = row.TakenBy is null ? UtcTime.Of(row.NextAttemptAt) : null,
        Attempts = [.. attempts.OrderBy(a => a.Number).Select(a => new DeliveryAttemptView(UtcTime.Of(a.At), a.Status, a.LatencyMs, a.Response, a.Error))],
        CreatedAt = UtcTime.Of(row.CreatedAt),
    };
}

/// <summary>One attempt of a delivery.</summary>
/// <param name="At">When it began.</param>
/// <param name="Status">HTTP status; null where there was no answer.</param>
/// <param name="LatencyMs">Until the end of the answer or of the patience.</param>
/// <param name="Response">First KiB of the answer.</param>
/// <param name="Error">Why there was no answer.</param>
internal sealed record DeliveryAttemptView(DateTime At, int? Status, int LatencyMs, string? Response, string? Error);
