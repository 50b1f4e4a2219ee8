namespace FlexEdit.Contracts.Messages;

/// <summary>Storage → gateway: the edit is durable.</summary>
public sealed record EditSubmitted
{
    /// <summary>The edit's id.</summary>
    public required string EditId { get; init; }
}
