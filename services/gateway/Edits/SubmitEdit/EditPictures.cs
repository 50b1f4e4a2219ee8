using FlexEdit.Contracts;
using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Errors;
using FlexEdit.Gateway.Decoding;
using FlexEdit.Gateway.Hosting;
using FlexEdit.Gateway.Uploads;
using FlexEdit.Platform.Objects;
using FlexEdit.Platform.Problems;
using Microsoft.Extensions.Options;

namespace FlexEdit.Gateway.Edits.SubmitEdit;

/// <summary>From uploads to checked, stored pictures: original and upright decoding, both by their content.</summary>
internal sealed class EditPictures(DecodePool decoders, IObjectStore objects, IOptions<GatewayOptions> options, TimeProvider time)
{
    private const string Png = "image/png";

    /// <summary>Refuses what cannot become an edit before any picture is opened.</summary>
    /// <exception cref="ProblemException">422: no scene, no mask, or two masks.</exception>
    public static void CheckPresence(EditFields fields)
    {
        if (fields.Picture(FieldNames.Scene) is null)
            throw Refused(ErrorCodes.SceneRequired, "Send the picture to edit as 'scene'.", FieldNames.Scene);
        var (mask, shapes) = (fields.Picture(FieldNames.Mask), fields.Tree(FieldNames.MaskShapes));
        if (mask is null && shapes is null)
            throw Refused(ErrorCodes.MaskRequired, "Send a rough mask: a picture as 'mask', or marks as 'mask_shapes'.", FieldNames.Mask);
        CheckOneMask(fields);
    }

    /// <summary>Refuses two masks.</summary>
    /// <exception cref="ProblemException">422.</exception>
    public static void CheckOneMask(EditFields fields)
    {
        if (fields.Picture(FieldNames.Mask) is not null && fields.Tree(FieldNames.MaskShapes) is not null)
            throw Refused(ErrorCodes.MaskInvalid, "Send either 'mask' or 'mask_shapes', not both.", FieldNames.MaskShapes);
    }

    /// <summary>Decodes, checks and stores all pictures of an edit; <paramref name="checkScene"/> is told the scene's upright size before anything is stored.</summary>
    /// <exception cref="ProblemException">What is wrong with one of them; 503 where they cannot be stored.</exception>
    public async Task<EditInputs> StoreAsync(EditFields fields, string tenant, UploadFolder folder, Action<int, int> checkScene, CancellationToken cancellationToken)
    {
        var sceneFile = fields.Picture(FieldNames.Scene)!;
        var scene = await DecodeAsync(Request(DecodeRequest.Picture, FieldNames.Scene, sceneFile.Path, folder), sceneFile, cancellationToken);
        checkScene(scene.Answer.Width, scene.Answer.Height);

        var mask = await DecodeMaskAsync(fields, scene.Answer.Width, scene.Answer.Height, folder, cancellationToken);

        var subject = fields.Picture(FieldNames.Subject) is { } subjectFile
            ? await DecodeAsync(Request(DecodeRequest.Picture, FieldNames.Subject, subjectFile.Path, folder), subjectFile, cancellationToken)
            : null;
        try
        {
            // All at once: a client waits for the slowest, not for the sum.
            var stored = await Task.WhenAll(new[] { scene, mask, subject }.OfType<Decoded>().Select(picture => StoreAsync(picture, tenant, cancellationToken)));
            return new EditInputs { Scene = stored[0], Mask = stored[1], Subject = subject is null ? null : stored[2] };
        }
        catch (ObjectStoreException)
        {
            throw NotStored();
        }
    }

    /// <summary>Decodes, checks and stores the mask alone, for a scene of the given upright size.</summary>
    /// <exception cref="ProblemException">As <see cref="StoreAsync(EditFields, string, UploadFolder, Action{int, int}, CancellationToken)"/>.</exception>
    public async Task<InputPicture> StoreMaskAsync(EditFields fields, int width, int height, string tenant, UploadFolder folder, CancellationToken cancellationToken)
    {
        var mask = await DecodeMaskAsync(fields, width, height, folder, cancellationToken);
        try
        {
            return await StoreAsync(mask, tenant, cancellationToken);
        }
        catch (ObjectStoreException)
        {
            throw NotStored();
        }
    }

    private async Task<Decoded> DecodeMaskAsync(EditFields fields, int width, int height, UploadFolder folder, CancellationToken cancellationToken)
    {
        var polarity = ReadOptions.Chosen(fields, FieldNames.MaskPolarity, MaskPolarity.All);
        var file = fields.Picture(FieldNames.Mask);
        var request = file is not null
            ? Request(DecodeRequest.Mask, FieldNames.Mask, file.Path, folder)
            : Request(DecodeRequest.Shapes, FieldNames.MaskShapes, await SaveAsync(fields.Tree(FieldNames.MaskShapes)!, folder, cancellationToken), folder);
        return await DecodeAsync(request with { Polarity = polarity, Width = width, Height = height }, file, cancellationToken);
    }

    private static ProblemException NotStored() =>
        new(Problem.Unavailable("The pictures cannot be stored right now; nothing was made.", TimeSpan.FromSeconds(2)));

    private async Task<Decoded> DecodeAsync(DecodeRequest request, Upload? original, CancellationToken cancellationToken)
    {
        var answer = await decoders.RunAsync(request, cancellationToken);
        await using var upright = File.OpenRead(request.Target);
        var digest = Convert.ToHexStringLower(await System.Security.Cryptography.SHA256.HashDataAsync(upright, cancellationToken));
        return new Decoded(answer, original, new Upload(request.Target, upright.Length, digest));
    }

    private async Task<InputPicture> StoreAsync(Decoded picture, string tenant, CancellationToken cancellationToken)
    {
        var (answer, original, upright) = picture;
        var originalKey = original is null ? null : ObjectKeys.Upload(tenant, original.Sha256);
        var uprightKey = ObjectKeys.Upright(tenant, upright.Sha256);
        await Task.WhenAll(
            original is null ? Task.CompletedTask : PutAsync(originalKey!, original, answer.ContentType!, cancellationToken),
            PutAsync(uprightKey, upright, Png, cancellationToken));
        return new InputPicture
        {
            Asset = Ids.NewAsset(time),
            OriginalKey = originalKey,
            UprightKey = uprightKey,
            Sha256 = (original ?? upright).Sha256,
            Width = answer.Width,
            Height = answer.Height,
            Report = answer.Report,
        };
    }

    private async Task PutAsync(string key, Upload file, string contentType, CancellationToken cancellationToken)
    {
        await using var content = File.OpenRead(file.Path);
        await objects.PutAsync(key, content, contentType, cancellationToken);
    }

    private DecodeRequest Request(string kind, string field, string source, UploadFolder folder) => new()
    {
        Kind = kind,
        Field = field,
        Source = source,
        Target = folder.NewPath(".png"),
        MaxBytes = options.Value.PictureBytes,
        MaxPixels = options.Value.PicturePixels,
        MaxSide = options.Value.PictureSide,
    };

    private static async Task<string> SaveAsync(string shapes, UploadFolder folder, CancellationToken cancellationToken)
    {
        var path = folder.NewPath(".json");
        await File.WriteAllTextAsync(path, shapes, cancellationToken);
        return path;
    }

    private static ProblemException Refused(string code, string detail, string field) =>
        new(Problem.Unprocessable(code, detail, field));

    private sealed record Decoded(DecodeAnswer Answer, Upload? Original, Upload Upright);
}
