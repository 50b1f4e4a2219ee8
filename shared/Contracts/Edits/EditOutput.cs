namespace FlexEdit.Contracts.Edits;

/// <summary>One finished picture and the proof of what it left alone.</summary>
public sealed record EditOutput
{
    /// <summary>0 to N - 1.</summary>
    public required int Index { get; init; }
    /// <summary>Key of the picture in the object store.</summary>
    public required string Key { get; init; }
    /// <summary>Media type of the picture.</summary>
    public required string ContentType { get; init; }
    /// <summary>Width in pixels: the upright scene's.</summary>
    public required int Width { get; init; }
    /// <summary>Height in pixels: the upright scene's.</summary>
    public required int Height { get; init; }
    /// <summary>Seed of this picture.</summary>
    public required uint Seed { get; init; }
    /// <summary>SHA-256 of the picture's bytes, lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }
    /// <summary>The same before the file got its provenance, which names the edit: equal where the pixels are; null where none was added.</summary>
    public string? PictureSha256 { get; init; }
    /// <summary>The proof.</summary>
    public required Preservation Preservation { get; init; }
}

/// <summary>Which pixels of a result differ from the upright scene, and digests of the rest.</summary>
public sealed record Preservation
{
    /// <summary>[x, y, width, height]: the tightest box around every pixel that differs; [0, 0, 0, 0] when none does.</summary>
    public required IReadOnlyList<int> Region { get; init; }
    /// <summary>Pixels that differ.</summary>
    public required long ChangedPixels { get; init; }
    /// <summary>Pixels that differ outside the region that the edit was allowed to change. 0 with <c>background: preserve</c>.</summary>
    public required long ChangedOutside { get; init; }
    /// <summary>Key of the PNG (white on black) that marks exactly the pixels that differ.</summary>
    public required string EditedMaskKey { get; init; }
    /// <summary>SHA-256 of the upright scene's RGBA pixels with the region set to zero.</summary>
    public required string OutsideSha256Before { get; init; }
    /// <summary>The same of the result, before it was encoded.</summary>
    public required string OutsideSha256After { get; init; }
    /// <summary>False when the format loses pixels (JPEG, lossy WebP): the promise then holds before encoding.</summary>
    public required bool Lossless { get; init; }
}
