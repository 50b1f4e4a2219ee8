namespace FlexEdit.Contracts.Messages;

/// <summary>Worker → storage and gateways: a sampling step is done. Losable.</summary>
public sealed record EditProgressed
{
    /// <summary>The edit.</summary>
    public required string EditId { get; init; }
    /// <summary>The attempt that reports; reports of an older one are ignored.</summary>
    public required int Attempt { get; init; }
    /// <summary>Output index, 0 to N - 1.</summary>
    public required int Output { get; init; }
    /// <summary>Steps done.</summary>
    public required int Step { get; init; }
    /// <summary>Steps in all.</summary>
    public required int Steps { get; init; }
    /// <summary>Key of a small JPEG of the picture as it forms; null when this step has none.</summary>
    public string? PreviewKey { get; init; }
}
