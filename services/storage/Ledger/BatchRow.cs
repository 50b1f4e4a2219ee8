namespace FlexEdit.Storage.Ledger;

/// <summary>Many edits from one body.</summary>
public sealed class BatchRow
{
    /// <summary><c>bat_…</c></summary>
    public required string Id { get; init; }
    public required string Tenant { get; init; }
    /// <summary>Number of lines.</summary>
    public required int Lines { get; init; }
    public required long CreatedAt { get; init; }
    public long? CancelRequestedAt { get; set; }
    /// <summary>When no line waited and no edit was under way any more.</summary>
    public long? CompletedAt { get; set; }
    /// <summary>End of the retention.</summary>
    public long? RemoveAfter { get; set; }
}

/// <summary>One line of a batch. It leaves <see cref="LineState.Waiting"/> once, in the transaction that makes its edit, refuses or cancels it.</summary>
public sealed class BatchLineRow
{
    public required string BatchId { get; init; }
    /// <summary>From 1.</summary>
    public required int Line { get; init; }
    /// <summary>What the client calls it.</summary>
    public string? CustomId { get; init; }
    /// <summary>First byte in the stored body.</summary>
    public required long Offset { get; init; }
    public required int Length { get; init; }
    /// <summary>One of <see cref="LineState"/>.</summary>
    public required string State { get; set; }
    /// <summary>A gateway has it until then, UTC ticks; in the past when none has.</summary>
    public long TakenUntil { get; set; }
    /// <summary>How often a gateway took it.</summary>
    public int Takes { get; set; }
    /// <summary>The edit that was made of it.</summary>
    public string? EditId { get; set; }
    /// <summary>How the edit had ended when its data were removed; null while it is there.</summary>
    public string? EndStatus { get; set; }
    /// <summary>Why no edit was made: <see cref="Contracts.Batches.LineProblem"/>.</summary>
    public string? ProblemJson { get; set; }
}

/// <summary>Where a line stands.</summary>
internal static class LineState
{
    public const string Waiting = "waiting";
    public const string Made = "made";
    public const string Refused = "refused";
    public const string Canceled = "canceled";
}
