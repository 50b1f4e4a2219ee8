namespace FlexEdit.Storage.Ledger;

/// <summary>One message on its way to one endpoint.</summary>
public sealed class DeliveryRow
{
    /// <summary><c>dlv_…</c>.</summary>
    public required string Id { get; init; }
    public required string Tenant { get; init; }
    /// <summary>The endpoint; null where the edit named a URL itself.</summary>
    public string? WebhookId { get; init; }
    /// <summary>The URL that the edit named; null for an endpoint, whose URL may change.</summary>
    public string? Url { get; init; }
    /// <summary>What shares the bound on deliveries at once and the circuit: the endpoint, or a tenant's server behind URLs.</summary>
    public required string Lane { get; init; }
    public required string MessageId { get; init; }
    public required string Event { get; init; }
    /// <summary>Within a lane, messages about the same subject go one after the other, by <see cref="Sequence"/>.</summary>
    public required string Subject { get; init; }
    public required long Sequence { get; init; }
    public required string State { get; set; }
    /// <summary>When it is due, or, while somebody sends it, when another one may; null where it waits for an earlier one of its subject, or has ended.</summary>
    public long? NextAttemptAt { get; set; }
    /// <summary>What the endpoint's <c>Retry-After</c> asked for.</summary>
    public long? NotBefore { get; set; }
    /// <summary>Attempts of the schedule that failed.</summary>
    public int Failures { get; set; }
    /// <summary>Attempts in the log, over all replays.</summary>
    public int Attempts { get; set; }
    /// <summary>Who sends it: the outcome counts only while this is unchanged.</summary>
    public string? TakenBy { get; set; }
    /// <summary>Another one of its subject waits behind it.</summary>
    public bool Followed { get; set; }
    public required long CreatedAt { get; init; }
    public long? EndedAt { get; set; }
}

/// <summary>One attempt in the log.</summary>
public sealed class DeliveryAttemptRow
{
    public required string DeliveryId { get; init; }
    public required int Number { get; init; }
    public required long At { get; init; }
    /// <summary>HTTP status; null where there was no answer.</summary>
    public int? Status { get; init; }
    public required int LatencyMs { get; init; }
    /// <summary>First KiB of the answer's body, as text.</summary>
    public string? Response { get; init; }
    /// <summary>Why there was no answer.</summary>
    public string? Error { get; init; }
}

/// <summary>Values of <see cref="DeliveryRow.State"/>.</summary>
internal static class DeliveryState
{
    /// <summary>To be sent, or to be sent again.</summary>
    public const string Pending = "pending";
    /// <summary>Taken by the endpoint.</summary>
    public const string Delivered = "delivered";
    /// <summary>Given up.</summary>
    public const string Failed = "failed";
    /// <summary>Not sent, because the endpoint was disabled; a replay sends it.</summary>
    public const string Skipped = "skipped";
}
