namespace FlexEdit.Storage.Edits;

/// <summary>What a canceled edit had cost when its worker let go.</summary>
public sealed record CancelReceipt
{
    /// <summary>When the client asked.</summary>
    public required DateTime RequestedAt { get; init; }
    /// <summary>When no worker held the edit any more.</summary>
    public required DateTime ReleasedAt { get; init; }
    /// <summary>Sampling steps that were run; 0 where none were or a lost worker could not say.</summary>
    public required int StepsRun { get; init; }
    /// <summary>Milliseconds inside the model.</summary>
    public required double ModelMs { get; init; }
}
