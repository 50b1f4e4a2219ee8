namespace FlexEdit.Gateway.Decoding;

/// <summary>One piece of work for a child process: one line of JSON on its standard input.</summary>
internal sealed record DecodeRequest
{
    /// <summary>The scene or the subject: any accepted file to an upright PNG.</summary>
    public const string Picture = "picture";
    /// <summary>A mask picture to a one-channel PNG of the scene's size.</summary>
    public const string Mask = "mask";
    /// <summary>A file of <c>mask_shapes</c> JSON to a one-channel PNG of the scene's size.</summary>
    public const string Shapes = "shapes";

    /// <summary>A scene and its mask: what the mask marks, and a small picture of both.</summary>
    public const string Inspect = "inspect";

    /// <summary>One of the constants above.</summary>
    public required string Kind { get; init; }
    /// <summary>The field's name in errors and reports.</summary>
    public required string Field { get; init; }
    /// <summary>File to read.</summary>
    public required string Source { get; init; }
    /// <summary>File to write: a PNG.</summary>
    public required string Target { get; init; }
    /// <summary>Largest file, bytes.</summary>
    public required long MaxBytes { get; init; }
    /// <summary>Most pixels of a picture.</summary>
    public required long MaxPixels { get; init; }
    /// <summary>Longest side of a picture.</summary>
    public required int MaxSide { get; init; }
    /// <summary>How to read a mask picture: a value of <see cref="MaskPolarity"/>.</summary>
    public string Polarity { get; init; } = MaskPolarity.Auto;
    /// <summary>The mask of a scene that is inspected; its size is the scene's, and its target is not written.</summary>
    public DecodeRequest? MaskOfScene { get; init; }
    /// <summary>The upright scene's width (masks).</summary>
    public int Width { get; init; }
    /// <summary>The upright scene's height (masks).</summary>
    public int Height { get; init; }
}
