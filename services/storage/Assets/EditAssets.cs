using System.Text.Json;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Edits;
using FlexEdit.Storage.Ledger;
using Microsoft.EntityFrameworkCore;

namespace FlexEdit.Storage.Assets;

/// <summary>The assets that an edit's pictures are.</summary>
internal static class EditAssets
{
    // An asset that edits use all the time is not written with each of them.
    private const int RenewalsInARetention = 100;

    /// <summary>
    /// The pictures with the ids of the assets that hold them. Bytes that are no asset yet become one, which goes with the last edit that uses
    /// them; one that is kept for its own sake is kept for another retention. Call it when the edit holds its objects.
    /// </summary>
    public static async Task<EditInputs> NameAsync(LedgerChange change, string tenant, EditInputs inputs, CancellationToken cancellationToken)
    {
        var keys = new[] { inputs.Scene, inputs.Mask, inputs.Subject }.OfType<InputPicture>().Where(picture => picture.File is not null).Select(KeyOf).Distinct().ToArray();
        if (keys.Length == 0)
            return inputs;
        var known = await change.Ledger.Assets.AsNoTracking().Where(asset => keys.Contains(asset.Key)).ToDictionaryAsync(asset => asset.Key, cancellationToken);
        foreach (var kept in known.Values.Where(asset => asset.ExpiresAt is not null).OrderBy(asset => asset.Id, StringComparer.Ordinal))
            await RenewAsync(change, kept, cancellationToken);
        return inputs with
        {
            Scene = Name(change, tenant, inputs.Scene, known),
            Mask = Name(change, tenant, inputs.Mask, known),
            Subject = inputs.Subject is null ? null : Name(change, tenant, inputs.Subject, known),
        };
    }

    /// <summary>Keeps an asset for another retention.</summary>
    /// <exception cref="DbUpdateConcurrencyException">It is no longer kept: decide again.</exception>
    public static async Task RenewAsync(LedgerChange change, AssetRow asset, CancellationToken cancellationToken)
    {
        var (retention, id) = (change.Rules.AssetRetention.Ticks, asset.Id);
        if (asset.ExpiresAt > change.Now + retention - (retention / RenewalsInARetention))
            return;
        asset.ExpiresAt = change.Now + retention;
        var renewed = await change.Ledger.Assets.Where(a => a.Id == id && a.ExpiresAt != null)
            .ExecuteUpdateAsync(row => row.SetProperty(a => a.ExpiresAt, asset.ExpiresAt), cancellationToken);
        if (renewed == 0)
            throw new DbUpdateConcurrencyException("The asset was removed meanwhile.");
    }

    private static InputPicture Name(LedgerChange change, string tenant, InputPicture picture, Dictionary<string, AssetRow> known)
    {
        if (picture.File is not { } file)
            return picture;
        var key = KeyOf(picture);
        if (!known.TryGetValue(key, out var asset))
        {
            asset = new AssetRow
            {
                Id = picture.Asset,
                Tenant = tenant,
                Key = key,
                Sha256 = picture.Sha256,
                ContentType = file.ContentType,
                Bytes = file.Bytes,
                Width = file.Width,
                Height = file.Height,
                ReportJson = JsonSerializer.Serialize(file.Report, ContractJson.Options),
                CreatedAt = change.Now,
            };
            known.Add(key, asset);
            change.Ledger.Assets.Add(asset);
        }
        return picture with { Asset = asset.Id, File = null };
    }

    private static string KeyOf(InputPicture picture) => picture.OriginalKey ?? picture.UprightKey;
}
