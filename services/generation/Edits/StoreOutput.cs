using System.Security.Cryptography;
using FlexEdit.Contracts.Edits;
using FlexEdit.Compositing;
using FlexEdit.Imaging;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Models.Editing;
using FlexEdit.Platform.Attempts;
using FlexEdit.Platform.Objects;

namespace FlexEdit.Generation.Edits;

/// <summary>Puts a painted crop back into its scene, proves what it left alone, and stores the result.</summary>
internal sealed class StoreOutput(IObjectStore objects)
{
    /// <summary>Composites, encodes and stores one result.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="scene">The edit's pictures.</param>
    /// <param name="crop">What the model painted.</param>
    /// <param name="side">R.</param>
    /// <param name="index">0 to N - 1.</param>
    /// <param name="seed">Its seed.</param>
    public async Task<EditOutput> StoreAsync(RunningAttempt attempt, EditScene scene, GeneratedCrop crop, int side, int index, uint seed)
    {
        var options = attempt.Grant.Options;
        var pictures = scene.Pictures;
        var format = OutputFormat.Named(options.OutputFormat);
        var detail = DetailOf(scene, crop, side);
        var composited = options.Background == "free"
            ? Compositor.Free(pictures.Scene, pictures.Crop, crop.Picture, crop.EditedRegion, side, detail)
            : Compositor.Preserve(pictures.Scene, pictures.Crop, crop.Picture, crop.EditedRegion, side, detail);
        attempt.Stopping.ThrowIfCancellationRequested();

        var key = attempt.ObjectKey($"output-{index}.{format.Extension}");
        var maskKey = attempt.ObjectKey($"edited-mask-{index}.png");
        var file = format.Encode(composited, pictures.SceneHasAlpha);
        await objects.PutAsync(key, file, format.ContentType, attempt.Stopping);
        await objects.PutAsync(maskKey, PictureEncoder.Png(GrayImage.Of(composited.EditedMask())), "image/png", attempt.Stopping);
        return new EditOutput
        {
            Index = index,
            Key = key,
            ContentType = format.ContentType,
            Width = pictures.Scene.Width,
            Height = pictures.Scene.Height,
            Seed = seed,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(file)),
            Preservation = ProofOf(composited, maskKey, format.Lossless),
        };
    }

    private static SourceDetail DetailOf(EditScene scene, GeneratedCrop crop, int side)
    {
        var pictures = scene.Pictures;
        var subject = crop.Subject is null || pictures.Subject is null ? null : SubjectLayer.Of(pictures.Subject, crop.Subject, pictures.Crop, side);
        return new SourceDetail(pictures.Scene, pictures.Crop, crop.Subject?.Collage ?? scene.Scene, crop.Picture, side, subject);
    }

    private static Preservation ProofOf(CompositedPicture picture, string maskKey, bool lossless) => new()
    {
        Region = [picture.Region.X, picture.Region.Y, picture.Region.Width, picture.Region.Height],
        ChangedPixels = picture.ChangedPixels,
        ChangedOutside = picture.ChangedOutside,
        EditedMaskKey = maskKey,
        OutsideSha256Before = OutsideDigest.Of(picture.Scene, picture.Region),
        OutsideSha256After = OutsideDigest.Of(picture, picture.Region),
        Lossless = lossless,
    };
}
