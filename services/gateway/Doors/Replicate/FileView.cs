using System.Text.Json.Nodes;

namespace FlexEdit.Gateway.Doors.Replicate;

/// <summary>An asset as Replicate's clients read it: a file. Property names become snake_case.</summary>
internal sealed record FileView
{
    /// <summary>The asset's id.</summary>
    public required string Id { get; init; }
    /// <summary>The id with an extension: what a file was called at its upload is not kept.</summary>
    public required string Name { get; init; }
    /// <summary>Media type, found out from the bytes.</summary>
    public required string ContentType { get; init; }
    /// <summary>Size in bytes.</summary>
    public required long Size { get; init; }
    /// <summary>The same as <c>checksums.sha256</c>.</summary>
    public required string Etag { get; init; }
    /// <summary>Digests of the bytes.</summary>
    public required FileChecksums Checksums { get; init; }
    /// <summary>In the answer to an upload what came with it; it is not kept, for the same bytes are one file.</summary>
    public required JsonObject Metadata { get; init; }
    /// <summary>When the bytes were first uploaded, UTC.</summary>
    public required DateTime CreatedAt { get; init; }
    /// <summary>When it is removed unless an edit uses it before, UTC; null: with the last edit that uses it.</summary>
    public required DateTime? ExpiresAt { get; init; }
    /// <summary>Where it is.</summary>
    public required FileUrls Urls { get; init; }
}

/// <summary>Digests of a file's bytes.</summary>
/// <param name="Sha256">SHA-256, lower-case hexadecimal.</param>
internal sealed record FileChecksums(string Sha256);

/// <summary>Where a file is, absolute.</summary>
/// <param name="Get">The file; as an input of a prediction it means the picture.</param>
internal sealed record FileUrls(string Get);
