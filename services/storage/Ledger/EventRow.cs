namespace FlexEdit.Storage.Ledger;

/// <summary>One change of an edit. The numbers of an edit's events start at 1 and have no gaps.</summary>
public sealed class EventRow
{
    public required string EditId { get; init; }
    public required long Sequence { get; init; }
    public required string Status { get; init; }
    public string? Stage { get; init; }
    public required long At { get; init; }
}
