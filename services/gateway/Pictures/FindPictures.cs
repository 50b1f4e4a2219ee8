using FlexEdit.Contracts;
using FlexEdit.Contracts.Assets;
using FlexEdit.Contracts.Errors;
using FlexEdit.Gateway.Edits.SubmitEdit;
using FlexEdit.Gateway.Hosting;
using FlexEdit.Gateway.Uploads;
using FlexEdit.Platform.Objects;
using FlexEdit.Platform.Problems;
using Microsoft.Extensions.Options;

namespace FlexEdit.Gateway.Pictures;

/// <summary>Looks up the pictures that a request names instead of sending them.</summary>
internal sealed class FindPictures(IAssetRegister assets, IObjectStore objects, FetchPicture urls, IOptions<GatewayOptions> options)
{
    /// <summary>Finds all of them, at once. A scene or subject whose decoding is stored needs no file; everything else gets one in <paramref name="folder"/>, and with <paramref name="files"/> these do, too.</summary>
    /// <exception cref="ProblemException">422 <c>unknown_asset</c>, or why a URL cannot be fetched; 503 where storage or the object store does not answer.</exception>
    public async Task RunAsync(EditFields fields, string tenant, UploadFolder folder, CancellationToken cancellationToken, bool files = false)
    {
        var named = fields.Pictures.Where(picture => picture.Value is { Reference: not null, File: null, Asset: null }).ToArray();
        var found = await Task.WhenAll(named.Select(picture => FindAsync(picture.Key, picture.Value, files, tenant, folder, cancellationToken)));
        foreach (var ((name, _), picture) in named.Zip(found))
            fields.Found(name, picture);
    }

    private async Task<PictureField> FindAsync(string name, PictureField picture, bool files, string tenant, UploadFolder folder, CancellationToken cancellationToken)
    {
        var id = picture.Reference!;
        if (!id.StartsWith("ast_", StringComparison.OrdinalIgnoreCase))
            return picture with { File = await urls.RunAsync(name, id, folder, cancellationToken) };
        var asset = Ids.IsWellFormed(id, "ast_") ? await assets.FindAsync(tenant, id, cancellationToken) : null;
        if (asset is null)
            throw Unknown(name);
        var needsFile = files || asset.UprightKey is null || name == FieldNames.Mask;
        return picture with { Asset = asset, File = needsFile ? await LoadAsync(name, asset, folder, cancellationToken) : null };
    }

    private async Task<Upload> LoadAsync(string name, StoredAsset asset, UploadFolder folder, CancellationToken cancellationToken)
    {
        try
        {
            await using var stored = await objects.OpenAsync(asset.Key, cancellationToken) ?? throw Unknown(name);
            return await UploadWriter.CopyAsync(stored.Content, folder.NewPath(), options.Value.PictureBytes, name, cancellationToken);
        }
        catch (ObjectStoreException)
        {
            throw new ProblemException(Problem.Unavailable("Assets cannot be read right now; nothing was made.", TimeSpan.FromSeconds(2)));
        }
    }

    private static ProblemException Unknown(string name) =>
        new(Problem.Unprocessable(ErrorCodes.UnknownAsset, $"{name}: there is no such asset; it may have been removed, or its retention has ended. Upload the picture again.", name));
}
