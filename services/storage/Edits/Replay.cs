namespace FlexEdit.Storage.Edits;

/// <summary>That an edit runs another one again, and what came of it.</summary>
internal sealed record Replay
{
    /// <summary>The edit that is run again.</summary>
    public required string Of { get; init; }
    /// <summary>SHA-256 of its results without their provenance, in their order: kept here, for that edit may be removed meanwhile.</summary>
    public required IReadOnlyList<string> Expected { get; init; }
    /// <summary>Whether the results are the same to the last byte; null until there are any.</summary>
    public bool? PixelsMatch { get; init; }
}
