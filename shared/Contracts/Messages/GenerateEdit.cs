namespace FlexEdit.Contracts.Messages;

/// <summary>Storage → generation: there may be work. Only a hint: the worker claims an attempt at the ledger before it believes it.</summary>
public sealed record GenerateEdit
{
    /// <summary>The edit to look at.</summary>
    public required string EditId { get; init; }
    /// <summary>Its model.</summary>
    public required string Model { get; init; }
}
