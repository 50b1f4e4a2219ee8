using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Messages;

namespace FlexEdit.Contracts.Assets;

/// <summary>The uploaded pictures of a tenant, for gateways. Storage implements it; other processes reach it over internal HTTP.</summary>
public interface IAssetRegister
{
    /// <summary>An asset; null where the tenant has none of this id.</summary>
    Task<StoredAsset?> FindAsync(string tenant, string id, CancellationToken cancellationToken);

    /// <summary>Keeps an uploaded picture, whose objects are stored, until its retention ends. The same bytes again are the same asset.</summary>
    Task<KeepAnswer> KeepAsync(KeepAsset keep, CancellationToken cancellationToken);

    /// <summary>At most <paramref name="limit"/> assets (1 to 100), newest first, older than <paramref name="after"/> (null: from the newest on).</summary>
    Task<AssetPage> ListAsync(string tenant, string? after, int limit, CancellationToken cancellationToken);

    /// <summary>Takes an asset away at once; its bytes go when no edit uses them any more. False where the tenant has none of this id.</summary>
    Task<bool> RemoveAsync(string tenant, string id, CancellationToken cancellationToken);
}

/// <summary>A page of assets.</summary>
/// <param name="Assets">The assets.</param>
/// <param name="HasMore">Whether there are older ones.</param>
public sealed record AssetPage(IReadOnlyList<AssetView> Assets, bool HasMore);

/// <summary>An asset and where its bytes are.</summary>
public sealed record StoredAsset
{
    /// <summary>What clients see of it.</summary>
    public required AssetView View { get; init; }
    /// <summary>Key of the bytes as uploaded.</summary>
    public required string Key { get; init; }
    /// <summary>Key of the upright 8-bit sRGB decoding (PNG); null where it is kept only by the edits that use it.</summary>
    public string? UprightKey { get; init; }
}

/// <summary>A wish to keep an uploaded picture.</summary>
public sealed record KeepAsset
{
    /// <summary><c>ast_…</c>, drawn by the gateway; used where the bytes are new.</summary>
    public required string Id { get; init; }
    /// <summary>Whose it is.</summary>
    public required string Tenant { get; init; }
    /// <summary>SHA-256 of the bytes, lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }
    /// <summary>Key of the bytes.</summary>
    public required string Key { get; init; }
    /// <summary>Key of the upright decoding.</summary>
    public required string UprightKey { get; init; }
    /// <summary>The file.</summary>
    public required PictureFile File { get; init; }
}

/// <summary>What became of the wish: the asset, or why it is not kept.</summary>
public sealed record KeepAnswer
{
    /// <summary>The asset; null where it is not kept.</summary>
    public StoredAsset? Asset { get; init; }
    /// <summary>Whether there was none with these bytes before.</summary>
    public bool IsNew { get; init; }
    /// <summary>Why it is not kept; null where it is.</summary>
    public EditRefused? Refused { get; init; }
}
