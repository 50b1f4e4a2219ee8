namespace FlexEdit.Contracts.Assets;

/// <summary>An uploaded picture as the public API shows it. Property names become snake_case; nulls are shown.</summary>
public sealed record AssetView
{
    /// <summary>Its id, <c>ast_…</c>: sortable by time, otherwise opaque.</summary>
    public required string Id { get; init; }
    /// <summary>Always <c>asset</c>.</summary>
    public string Object { get; init; } = "asset";
    /// <summary>SHA-256 of the bytes as uploaded, lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }
    /// <summary>Media type, found out from the bytes.</summary>
    public required string ContentType { get; init; }
    /// <summary>Size of the upload in bytes.</summary>
    public required long Bytes { get; init; }
    /// <summary>Width in pixels, upright.</summary>
    public required int Width { get; init; }
    /// <summary>Height in pixels, upright.</summary>
    public required int Height { get; init; }
    /// <summary>What decoding does to the upload, one sentence each.</summary>
    public required IReadOnlyList<string> Report { get; init; }
    /// <summary>When it was first uploaded, UTC.</summary>
    public required DateTime CreatedAt { get; init; }
    /// <summary>When it is removed unless an edit uses it before, UTC; null: with the last edit that uses it.</summary>
    public required DateTime? ExpiresAt { get; init; }
}
