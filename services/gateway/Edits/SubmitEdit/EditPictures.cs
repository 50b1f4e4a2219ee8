using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Errors;
using FlexEdit.Gateway.Decoding;
using FlexEdit.Gateway.Pictures;
using FlexEdit.Gateway.Uploads;
using FlexEdit.Platform.Problems;

namespace FlexEdit.Gateway.Edits.SubmitEdit;

/// <summary>From what a request brings or names to checked, stored pictures of an edit.</summary>
internal sealed class EditPictures(FindPictures named, PictureIntake intake)
{
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

    /// <summary>Finds, decodes, checks and stores all pictures of an edit; <paramref name="checkScene"/> is told the scene's upright size before anything is stored.</summary>
    /// <exception cref="ProblemException">What is wrong with one of them; 503 where they cannot be stored.</exception>
    public async Task<EditInputs> StoreAsync(EditFields fields, string tenant, UploadFolder folder, Action<int, int> checkScene, CancellationToken cancellationToken)
    {
        await named.RunAsync(fields, tenant, folder, cancellationToken);
        var scene = await TakeAsync(FieldNames.Scene, fields.Picture(FieldNames.Scene)!, folder, cancellationToken);
        checkScene(scene.Width, scene.Height);
        var mask = new Taken(null, await DecodeMaskAsync(fields, scene.Width, scene.Height, folder, cancellationToken));
        var subject = fields.Picture(FieldNames.Subject) is { } given ? await TakeAsync(FieldNames.Subject, given, folder, cancellationToken) : null;

        // All at once: a client waits for the slowest, not for the sum.
        var stored = await Task.WhenAll(new[] { scene, mask, subject }.OfType<Taken>().Select(picture => StoreAsync(picture, tenant, cancellationToken)));
        return new EditInputs { Scene = stored[0], Mask = stored[1], Subject = subject is null ? null : stored[2] };
    }

    /// <summary>Finds, decodes, checks and stores the mask alone, for a scene of the given upright size.</summary>
    /// <exception cref="ProblemException">As <see cref="StoreAsync(EditFields, string, UploadFolder, Action{int, int}, CancellationToken)"/>.</exception>
    public async Task<InputPicture> StoreMaskAsync(EditFields fields, int width, int height, string tenant, UploadFolder folder, CancellationToken cancellationToken)
    {
        await named.RunAsync(fields, tenant, folder, cancellationToken);
        return await intake.StoreAsync(await DecodeMaskAsync(fields, width, height, folder, cancellationToken), tenant, cancellationToken);
    }

    private async Task<Taken> TakeAsync(string name, PictureField given, UploadFolder folder, CancellationToken cancellationToken) =>
        given is { File: null, Asset: { } asset } && PictureIntake.Stored(asset) is { } stored
            ? new Taken(stored, null)
            : new Taken(null, await intake.DecodeAsync(intake.Request(DecodeRequest.Picture, name, given.File!.Path, folder), given.File, given.Asset, cancellationToken));

    private async Task<DecodedFile> DecodeMaskAsync(EditFields fields, int width, int height, UploadFolder folder, CancellationToken cancellationToken)
    {
        var polarity = ReadOptions.Chosen(fields, FieldNames.MaskPolarity, MaskPolarity.All);
        var given = fields.Picture(FieldNames.Mask);
        var request = await MaskRequestAsync(intake, fields, folder, cancellationToken);
        return await intake.DecodeAsync(request with { Polarity = polarity, Width = width, Height = height }, given?.File, given?.Asset, cancellationToken);
    }

    /// <summary>The work of reading a request's mask, from its file or its marks.</summary>
    public static async Task<DecodeRequest> MaskRequestAsync(PictureIntake intake, EditFields fields, UploadFolder folder, CancellationToken cancellationToken) =>
        fields.Picture(FieldNames.Mask) is { } given
            ? intake.Request(DecodeRequest.Mask, FieldNames.Mask, given.File!.Path, folder)
            : intake.Request(DecodeRequest.Shapes, FieldNames.MaskShapes, await SaveAsync(fields.Tree(FieldNames.MaskShapes)!, folder, cancellationToken), folder);

    private async Task<InputPicture> StoreAsync(Taken picture, string tenant, CancellationToken cancellationToken) =>
        picture.Stored ?? await intake.StoreAsync(picture.Decoded!, tenant, cancellationToken);

    private static async Task<string> SaveAsync(string shapes, UploadFolder folder, CancellationToken cancellationToken)
    {
        var path = folder.NewPath(".json");
        await File.WriteAllTextAsync(path, shapes, cancellationToken);
        return path;
    }

    private static ProblemException Refused(string code, string detail, string field) =>
        new(Problem.Unprocessable(code, detail, field));

    // Stored with its asset, or decoded just now.
    private sealed record Taken(InputPicture? Stored, DecodedFile? Decoded)
    {
        public int Width => Stored?.Width ?? Decoded!.Answer.Width;

        public int Height => Stored?.Height ?? Decoded!.Answer.Height;
    }
}
