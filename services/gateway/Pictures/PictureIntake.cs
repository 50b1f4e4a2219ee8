using System.Security.Cryptography;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Assets;
using FlexEdit.Contracts.Edits;
using FlexEdit.Gateway.Decoding;
using FlexEdit.Gateway.Hosting;
using FlexEdit.Gateway.Uploads;
using FlexEdit.Platform.Objects;
using FlexEdit.Platform.Problems;
using Microsoft.Extensions.Options;

namespace FlexEdit.Gateway.Pictures;

/// <summary>A picture that was decoded.</summary>
/// <param name="Answer">What the decoder says about it.</param>
/// <param name="Original">The file; null for a mask that was drawn from shapes.</param>
/// <param name="Upright">The upright decoding.</param>
/// <param name="Asset">The asset that the file came from; null for an upload.</param>
internal sealed record DecodedFile(DecodeAnswer Answer, Upload? Original, Upload Upright, StoredAsset? Asset = null);

/// <summary>Takes pictures in: each is decoded in a child process, then original and upright decoding are stored, both by their content.</summary>
internal sealed class PictureIntake(DecodePool decoders, IObjectStore objects, IOptions<GatewayOptions> options, TimeProvider time)
{
    private const string Png = "image/png";

    /// <summary>A piece of work for a decoder, within this server's limits.</summary>
    public DecodeRequest Request(string kind, string field, string source, UploadFolder folder) => new()
    {
        Kind = kind,
        Field = field,
        Source = source,
        Target = folder.NewPath(".png"),
        MaxBytes = options.Value.PictureBytes,
        MaxPixels = options.Value.PicturePixels,
        MaxSide = options.Value.PictureSide,
    };

    /// <summary>Decodes a picture.</summary>
    /// <exception cref="ProblemException">What is wrong with it.</exception>
    public async Task<DecodedFile> DecodeAsync(DecodeRequest request, Upload? original, StoredAsset? asset, CancellationToken cancellationToken)
    {
        var answer = await decoders.RunAsync(request, cancellationToken);
        await using var upright = File.OpenRead(request.Target);
        var digest = Convert.ToHexStringLower(await SHA256.HashDataAsync(upright, cancellationToken));
        return new DecodedFile(answer, original, new Upload(request.Target, upright.Length, digest), asset);
    }

    /// <summary>Stores a decoded picture; what is stored already stays as it is.</summary>
    /// <exception cref="ProblemException">503: it cannot be stored.</exception>
    public async Task<InputPicture> StoreAsync(DecodedFile picture, string tenant, CancellationToken cancellationToken)
    {
        var (answer, original, upright, asset) = picture;
        var originalKey = original is null ? null : asset?.Key ?? ObjectKeys.Upload(tenant, original.Sha256);
        var uprightKey = ObjectKeys.Upright(tenant, upright.Sha256);
        try
        {
            await Task.WhenAll(
                original is null || asset is not null ? Task.CompletedTask : PutAsync(originalKey!, original, answer.ContentType!, cancellationToken),
                PutAsync(uprightKey, upright, Png, cancellationToken));
        }
        catch (ObjectStoreException)
        {
            throw new ProblemException(Problem.Unavailable("The pictures cannot be stored right now; nothing was made.", TimeSpan.FromSeconds(2)));
        }
        return new InputPicture
        {
            Asset = asset?.View.Id ?? Ids.NewAsset(time),
            OriginalKey = originalKey,
            UprightKey = uprightKey,
            Sha256 = (original ?? upright).Sha256,
            Width = answer.Width,
            Height = answer.Height,
            Report = answer.Report,
            File = new PictureFile
            {
                ContentType = answer.ContentType ?? Png,
                Bytes = (original ?? upright).Bytes,
                Width = answer.Source?.Width ?? answer.Width,
                Height = answer.Source?.Height ?? answer.Height,
                Report = answer.Source?.Report ?? answer.Report,
            },
        };
    }

    /// <summary>The scene or subject that an asset is, decoded and stored when it was uploaded; null where it has to be decoded again.</summary>
    public static InputPicture? Stored(StoredAsset asset) => asset.UprightKey is not { } upright ? null : new InputPicture
    {
        Asset = asset.View.Id,
        OriginalKey = asset.Key,
        UprightKey = upright,
        Sha256 = asset.View.Sha256,
        Width = asset.View.Width,
        Height = asset.View.Height,
        Report = asset.View.Report,
        File = FileOf(asset.View),
    };

    private static PictureFile FileOf(AssetView asset) =>
        new() { ContentType = asset.ContentType, Bytes = asset.Bytes, Width = asset.Width, Height = asset.Height, Report = asset.Report };

    private async Task PutAsync(string key, Upload file, string contentType, CancellationToken cancellationToken)
    {
        await using var content = File.OpenRead(file.Path);
        await objects.PutAsync(key, content, contentType, cancellationToken);
    }
}
