using System.Security.Cryptography;
using FlexEdit.Compositing;
using FlexEdit.Contracts.Edits;
using FlexEdit.Generation.Hosting;
using FlexEdit.Imaging;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Imaging.Provenance;
using FlexEdit.Models.Editing;
using FlexEdit.Platform.Attempts;
using FlexEdit.Platform.Objects;
using FlexEdit.Screening;
using Microsoft.Extensions.Options;

namespace FlexEdit.Generation.Edits;

/// <summary>Puts a painted crop back into its scene, screens it, proves what it left alone, and stores the result.</summary>
internal sealed class StoreOutput(IObjectStore objects, ContentScreen screen, IOptions<GenerationOptions> settings)
{
    private static readonly string s_tool = $"FlexEdit Services {typeof(StoreOutput).Assembly.GetName().Version?.ToString(3)}";

    /// <summary>Composites, screens, encodes and stores one result.</summary>
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
        await ScreenAsync(attempt.Grant.Attempt.EditId, composited, attempt.Stopping);

        var key = attempt.ObjectKey($"output-{index}.{format.Extension}");
        var maskKey = attempt.ObjectKey($"edited-mask-{index}.png");
        var picture = format.Encode(composited, pictures.SceneHasAlpha);
        var file = settings.Value.Provenance
            ? XmpEmbedding.Add(picture, ProvenancePacket.Of(s_tool, attempt.Grant.Model, attempt.Grant.Attempt.EditId))
            : picture;
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
            PictureSha256 = settings.Value.Provenance ? Convert.ToHexStringLower(SHA256.HashData(picture)) : null,
            Preservation = ProofOf(composited, maskKey, format.Lossless),
        };
    }

    // The crop too: in a large picture it is a few pixels to the classifier, and all that is new.
    private async Task ScreenAsync(string edit, CompositedPicture composited, CancellationToken stopping)
    {
        if (!screen.ScreensResults)
            return;
        await screen.CheckResultAsync(edit, composited.CropPixels, stopping);
        if (composited.Crop != composited.Scene.Frame)
            await screen.CheckResultAsync(edit, (RgbaImage)composited.ToRaster(withAlpha: true), stopping);
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
