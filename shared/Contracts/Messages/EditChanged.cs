namespace FlexEdit.Contracts.Messages;

/// <summary>Storage → every gateway (fan-out): the edit's durable event log has grown. Losable: readers look at the log.</summary>
public sealed record EditChanged
{
    /// <summary>The edit.</summary>
    public required string EditId { get; init; }
    /// <summary>Sequence number of its newest event.</summary>
    public required long Sequence { get; init; }
}
