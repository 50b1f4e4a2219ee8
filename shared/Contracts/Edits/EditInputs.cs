namespace FlexEdit.Contracts.Edits;

/// <summary>The checked pictures of an edit, by their keys in the object store.</summary>
public sealed record EditInputs
{
    /// <summary>x1, the picture to edit.</summary>
    public required InputPicture Scene { get; init; }
    /// <summary>m, the free-shape mask: white (255) marks, at the upright scene's size.</summary>
    public required InputPicture Mask { get; init; }
    /// <summary>x2, the subject; null for a single-image edit.</summary>
    public InputPicture? Subject { get; init; }
}

/// <summary>One input picture: what was uploaded and its upright decoding, which is the reference for everything after.</summary>
public sealed record InputPicture
{
    /// <summary>Id of the asset that holds the upload.</summary>
    public required string Asset { get; init; }
    /// <summary>Key of the bytes as uploaded; null where there was no file (a mask drawn from shapes).</summary>
    public string? OriginalKey { get; init; }
    /// <summary>Key of the upright 8-bit sRGB decoding (PNG; RGB or RGBA; one channel for a mask).</summary>
    public required string UprightKey { get; init; }
    /// <summary>SHA-256 of the bytes as uploaded (of the upright PNG where there was no file), lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }
    /// <summary>Width in pixels, upright.</summary>
    public required int Width { get; init; }
    /// <summary>Height in pixels, upright.</summary>
    public required int Height { get; init; }
    /// <summary>What was done to the upload, one sentence each.</summary>
    public IReadOnlyList<string> Report { get; init; } = [];
    /// <summary>The file itself, from which the asset is made; null from a gateway of an earlier version.</summary>
    public PictureFile? File { get; init; }
}

/// <summary>A picture's file: what was uploaded, or the mask as it was drawn from shapes.</summary>
public sealed record PictureFile
{
    /// <summary>Media type, found out from the bytes.</summary>
    public required string ContentType { get; init; }
    /// <summary>Its length.</summary>
    public required long Bytes { get; init; }
    /// <summary>Width in pixels, upright.</summary>
    public required int Width { get; init; }
    /// <summary>Height in pixels, upright.</summary>
    public required int Height { get; init; }
    /// <summary>What decoding does to it, one sentence each.</summary>
    public IReadOnlyList<string> Report { get; init; } = [];
}
