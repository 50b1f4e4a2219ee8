using FlexEdit.Contracts.Edits;

namespace FlexEdit.Contracts.Ledger;

/// <summary>What a gateway reads to show an edit live: the durable event log. Storage implements it; other processes reach it over internal HTTP.</summary>
public interface IEditJournal
{
    /// <summary>The events of an edit after <paramref name="afterSequence"/>, in order; null where the tenant has no such edit.</summary>
    Task<EditJournal?> ReadAsync(string tenant, string editId, long afterSequence, CancellationToken cancellationToken);
}

/// <summary>A part of an edit's event log.</summary>
public sealed record EditJournal
{
    /// <summary>The events, oldest first.</summary>
    public required IReadOnlyList<EditEvent> Events { get; init; }
    /// <summary>The job as it is now, as the public API shows it (JSON).</summary>
    public required string Job { get; init; }
    /// <summary>The job's present status.</summary>
    public required string Status { get; init; }
    /// <summary>The job's present sequence number.</summary>
    public required long Sequence { get; init; }
    /// <summary>The results with their object keys; empty until the edit has succeeded.</summary>
    public IReadOnlyList<EditOutput> Outputs { get; init; } = [];
    /// <summary>Why the edit failed; null where it did not.</summary>
    public EditError? Error { get; init; }
    /// <summary>The compatible door that it came in through; null for the API's own.</summary>
    public EditDoor? Door { get; init; }
}

/// <summary>One change of an edit. Sequence numbers start at 1 and have no gaps.</summary>
public sealed record EditEvent
{
    /// <summary>The number.</summary>
    public required long Sequence { get; init; }
    /// <summary>Status after the change.</summary>
    public required string Status { get; init; }
    /// <summary>Stage after the change, if any.</summary>
    public string? Stage { get; init; }
    /// <summary>When, UTC.</summary>
    public required DateTimeOffset At { get; init; }
}
