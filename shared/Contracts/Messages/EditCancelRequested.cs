namespace FlexEdit.Contracts.Messages;

/// <summary>Storage → every worker (fan-out): let go of this attempt before the next step.</summary>
public sealed record EditCancelRequested
{
    /// <summary>The edit.</summary>
    public required string EditId { get; init; }
    /// <summary>The attempt that has to stop.</summary>
    public required int Attempt { get; init; }
}
