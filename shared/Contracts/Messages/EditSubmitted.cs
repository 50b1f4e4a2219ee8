namespace FlexEdit.Contracts.Messages;

/// <summary>Storage → gateway: the edit is durable.</summary>
public sealed record EditSubmitted
{
    /// <summary>The edit's id; with an idempotency key perhaps that of an earlier request.</summary>
    public required string EditId { get; init; }
    /// <summary>Whether an earlier request with the same key made the edit.</summary>
    public bool Replayed { get; init; }
    /// <summary>The job's JSON as it was made; null where an earlier request made it, or it could not be read.</summary>
    public string? Job { get; init; }
}
