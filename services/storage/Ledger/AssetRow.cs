namespace FlexEdit.Storage.Ledger;

/// <summary>
/// An uploaded picture. It is kept for its own sake until <see cref="ExpiresAt"/>, and then it is a user of its objects
/// (<see cref="InputUseRow.Holder"/> is its id); or it only names what edits use, and goes with the last of them.
/// </summary>
public sealed class AssetRow
{
    /// <summary><c>ast_…</c></summary>
    public required string Id { get; init; }
    public required string Tenant { get; init; }
    /// <summary>Object key of the bytes, by their content and of one tenant: the same bytes are one asset.</summary>
    public required string Key { get; init; }
    /// <summary>Object key of the upright decoding; null while only edits keep the bytes.</summary>
    public string? UprightKey { get; set; }
    /// <summary>SHA-256 of the bytes, lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }
    public required string ContentType { get; init; }
    public required long Bytes { get; init; }
    public required int Width { get; init; }
    public required int Height { get; init; }
    /// <summary>List of sentences.</summary>
    public required string ReportJson { get; init; }
    public required long CreatedAt { get; init; }
    /// <summary>UTC ticks; null while only edits keep the bytes.</summary>
    public long? ExpiresAt { get; set; }
}
