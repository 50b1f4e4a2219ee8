namespace FlexEdit.Storage.Ledger;

/// <summary>One attempt of a worker at a stage; written before the work begins.</summary>
public sealed class AttemptRow
{
    public required string EditId { get; init; }
    /// <summary>From 1, over both stages.</summary>
    public required int Number { get; init; }
    public required string Stage { get; init; }
    public required string Worker { get; init; }
    /// <summary>What the worker called its claim, so that it may ask again when it did not hear the answer.</summary>
    public string? ClaimId { get; init; }
    public required long StartedAt { get; init; }
    public long? EndedAt { get; set; }
    /// <summary>One of <see cref="Attempts.AttemptOutcome"/>; null while it runs.</summary>
    public string? Outcome { get; set; }
    public double? ModelMs { get; set; }
    /// <summary>Why it failed.</summary>
    public string? ErrorCode { get; set; }
}
