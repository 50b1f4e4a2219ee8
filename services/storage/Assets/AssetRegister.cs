using System.Text.Json;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Assets;
using FlexEdit.Contracts.Errors;
using FlexEdit.Contracts.Messages;
using FlexEdit.Platform.Objects;
using FlexEdit.Storage.Edits;
using FlexEdit.Storage.Ledger;
using Microsoft.EntityFrameworkCore;

namespace FlexEdit.Storage.Assets;

/// <summary>Keeps, finds, lists and removes the uploaded pictures of a tenant; another tenant's do not exist.</summary>
internal sealed class AssetRegister(LedgerWriter writer, IDbContextFactory<LedgerContext> ledgers, IObjectStore objects, RemoveEditHandler remove) : IAssetRegister
{
    /// <inheritdoc/>
    public async Task<StoredAsset?> FindAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        if (!Ids.IsWellFormed(id, "ast_"))
            return null;
        await using var ledger = await ledgers.CreateDbContextAsync(cancellationToken);
        var row = await ledger.Assets.AsNoTracking().SingleOrDefaultAsync(asset => asset.Id == id && asset.Tenant == tenant, cancellationToken);
        return row is null ? null : Stored(row);
    }

    /// <inheritdoc/>
    public async Task<KeepAnswer> KeepAsync(KeepAsset keep, CancellationToken cancellationToken)
    {
        try
        {
            return await writer.WriteAsync(change => KeepAsync(change, keep, cancellationToken), cancellationToken);
        }
        catch (Exception error) when (error is ObjectStoreException || LedgerFailure.Is(error))
        {
            return new KeepAnswer { Refused = new EditRefused { Status = 503, Code = ErrorCodes.Unavailable, Detail = "The picture cannot be kept at the moment; send it again later." } };
        }
    }

    /// <inheritdoc/>
    public async Task<AssetPage> ListAsync(string tenant, string? after, int limit, CancellationToken cancellationToken)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(cancellationToken);
        var assets = ledger.Assets.AsNoTracking().Where(asset => asset.Tenant == tenant);
        if (after is not null)
            assets = assets.Where(asset => asset.Id.CompareTo(after) < 0);
        var page = await assets.OrderByDescending(asset => asset.Id).Take(limit + 1).ToListAsync(cancellationToken);
        return new AssetPage([.. page.Take(limit).Select(row => Stored(row).View)], page.Count > limit);
    }

    /// <inheritdoc/>
    public async Task<bool> RemoveAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        var removed = Ids.IsWellFormed(id, "ast_") && await writer.WriteAsync(
            async change =>
            {
                var assets = change.Ledger.Assets.Where(asset => asset.Id == id && asset.Tenant == tenant);
                if (await assets.AsNoTracking().SingleOrDefaultAsync(cancellationToken) is not { } row)
                    return false;
                await assets.ExecuteDeleteAsync(cancellationToken);
                if (row.UprightKey is { } upright)
                    await HeldInputs.LetGoAsync(change, [row.Key, upright], id, cancellationToken);
                return true;
            },
            cancellationToken);
        if (removed)
            await remove.FinishAsync(cancellationToken);
        return removed;
    }

    /// <summary>Ends the retention of an asset. While edits use the bytes it still names them, and goes with the last of them.</summary>
    public Task ExpireAsync(string id, CancellationToken cancellationToken) => writer.WriteAsync(
        async change =>
        {
            var assets = change.Ledger.Assets.Where(asset => asset.Id == id && asset.ExpiresAt <= change.Now);
            if (await assets.AsNoTracking().SingleOrDefaultAsync(cancellationToken) is not { UprightKey: { } upright } row)
                return;
            var expired = await assets.ExecuteUpdateAsync(
                set => set.SetProperty(asset => asset.ExpiresAt, (long?)null).SetProperty(asset => asset.UprightKey, (string?)null), cancellationToken);
            if (expired == 1)
                await HeldInputs.LetGoAsync(change, [row.Key, upright], id, cancellationToken);
        },
        cancellationToken);

    private async Task<KeepAnswer> KeepAsync(LedgerChange change, KeepAsset keep, CancellationToken cancellationToken)
    {
        var known = await change.Ledger.Assets.AsNoTracking().SingleOrDefaultAsync(asset => asset.Key == keep.Key, cancellationToken);
        if (known is { ExpiresAt: not null })
        {
            await EditAssets.RenewAsync(change, known, cancellationToken);
            return new KeepAnswer { Asset = Stored(known), IsNew = known.Id == keep.Id };
        }
        var id = known?.Id ?? keep.Id;
        if (await HeldInputs.HoldAsync(change, objects, [keep.Key, keep.UprightKey], id, cancellationToken) is { } refused)
        {
            change.Abandon();
            return new KeepAnswer { Refused = refused };
        }
        var kept = new AssetRow
        {
            Id = id,
            Tenant = keep.Tenant,
            Key = keep.Key,
            UprightKey = keep.UprightKey,
            Sha256 = keep.Sha256,
            ContentType = keep.File.ContentType,
            Bytes = keep.File.Bytes,
            Width = keep.File.Width,
            Height = keep.File.Height,
            ReportJson = JsonSerializer.Serialize(keep.File.Report, ContractJson.Options),
            CreatedAt = known?.CreatedAt ?? change.Now,
            ExpiresAt = change.Now + change.Rules.AssetRetention.Ticks,
        };
        if (known is null)
            change.Ledger.Assets.Add(kept);
        // A row that went meanwhile is one row too few, and all is decided again.
        else
            change.Ledger.Assets.Update(kept);
        return new KeepAnswer { Asset = Stored(kept), IsNew = known is null };
    }

    private static StoredAsset Stored(AssetRow row) => new()
    {
        View = new AssetView
        {
            Id = row.Id,
            Sha256 = row.Sha256,
            ContentType = row.ContentType,
            Bytes = row.Bytes,
            Width = row.Width,
            Height = row.Height,
            Report = JsonSerializer.Deserialize<List<string>>(row.ReportJson, ContractJson.Options)!,
            CreatedAt = UtcTime.Of(row.CreatedAt),
            ExpiresAt = UtcTime.Of(row.ExpiresAt),
        },
        Key = row.Key,
        UprightKey = row.UprightKey,
    };
}
