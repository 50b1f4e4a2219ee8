namespace FlexEdit.Gateway.Masks;

/// <summary>What an edit would take a mask for.</summary>
internal sealed record MaskInspectionView
{
    /// <summary>Always <c>mask_inspection</c>.</summary>
    public string Object { get; init; } = "mask_inspection";
    /// <summary>The upright scene's width in pixels, and so the mask's.</summary>
    public required int Width { get; init; }
    /// <summary>The upright scene's height in pixels.</summary>
    public required int Height { get; init; }
    /// <summary>Share of the scene's pixels that are marked, 0 to 1.</summary>
    public required double Coverage { get; init; }
    /// <summary>How the mask's file was read; null for marks.</summary>
    public required PolarityView? Polarity { get; init; }
    /// <summary>Connected pieces of the mask; pixels that touch at a side or a corner belong together.</summary>
    public required int Components { get; init; }
    /// <summary>[x, y, width, height]: the tightest box around all that is marked; null where nothing is.</summary>
    public required IReadOnlyList<int>? Box { get; init; }
    /// <summary>EXIF orientation of the scene that was applied to it, 1 to 8; 1 where there was none.</summary>
    public required int Orientation { get; init; }
    /// <summary>The scene with the mask drawn on it, at most 512 pixels a side: a PNG as data URI.</summary>
    public required string Overlay { get; init; }
    /// <summary>What is worth a second look, one sentence each.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>How a mask's file was read.</summary>
/// <param name="Used">The polarity, never <c>auto</c>.</param>
/// <param name="From">What was asked for: <c>auto</c> where the file decided.</param>
internal sealed record PolarityView(string Used, string From);
