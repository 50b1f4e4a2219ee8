namespace FlexEdit.Contracts.Batches;

/// <summary>Many edits from one body, as the public API shows them. Property names become snake_case; nulls are shown.</summary>
public sealed record BatchView
{
    /// <summary>Its id, <c>bat_…</c>: sortable by time, otherwise opaque.</summary>
    public required string Id { get; init; }
    /// <summary>Always <c>batch</c>.</summary>
    public string Object { get; init; } = "batch";
    /// <summary><c>processing</c>, <c>canceling</c>, or, for good, <c>completed</c> or <c>canceled</c>. The list is open: tolerate new ones.</summary>
    public required string Status { get; init; }
    /// <summary>Lines of the body.</summary>
    public required int Lines { get; init; }
    /// <summary>How many lines stand where.</summary>
    public required BatchCounts Counts { get; init; }
    /// <summary>Where the results are, as JSON lines.</summary>
    public required string Results { get; init; }
    /// <summary>When it was accepted, UTC.</summary>
    public required DateTime CreatedAt { get; init; }
    /// <summary>When its last edit ended, UTC; null before.</summary>
    public required DateTime? CompletedAt { get; init; }
    /// <summary>When the batch is forgotten; null before it has ended. Its edits have retentions of their own.</summary>
    public required DateTime? ExpiresAt { get; init; }
}

/// <summary>How many lines of a batch stand where; their sum is the number of lines.</summary>
public sealed record BatchCounts
{
    /// <summary>Not begun: as lines, or as edits that wait for a worker.</summary>
    public int Queued { get; init; }
    /// <summary>At work, waiting for approval, or letting go.</summary>
    public int Processing { get; init; }
    /// <summary>With results.</summary>
    public int Succeeded { get; init; }
    /// <summary>Failed edits, and lines that no edit could be made of.</summary>
    public int Failed { get; init; }
    /// <summary>Canceled, as edits or before there was one.</summary>
    public int Canceled { get; init; }
    /// <summary>Edits that waited too long.</summary>
    public int Expired { get; init; }
}
