using FlexEdit.Contracts.Ledger;
using FlexEdit.Imaging;
using FlexEdit.Imaging.Crops;
using FlexEdit.Models.Checkpoints;
using FlexEdit.Platform.Attempts;
using FlexEdit.Platform.Objects;

namespace FlexEdit.Generation.Edits;

/// <summary>Fetches the inputs of an edit and what was understood, and cuts what the model is given.</summary>
internal sealed class FetchEdit(IObjectStore objects)
{
    /// <summary>Fetches and cuts.</summary>
    /// <param name="grant">The attempt.</param>
    /// <param name="cropFactor">The model card's.</param>
    /// <param name="side">R.</param>
    /// <param name="stopping">Stops fetching.</param>
    /// <exception cref="AttemptException">An input cannot be read.</exception>
    public async Task<EditScene> FetchAsync(AttemptGrant grant, double cropFactor, int side, CancellationToken stopping)
    {
        var inputs = grant.Inputs;
        var understanding = grant.Understanding ?? throw new AttemptException(AttemptErrors.InputUnreadable("understanding"));
        var scene = await objects.ReadInputAsync(inputs.Scene.UprightKey, "scene", stopping);
        var mask = await objects.ReadInputAsync(inputs.Mask.UprightKey, "mask", stopping);
        var subject = inputs.Subject is null ? null : await objects.ReadInputAsync(inputs.Subject.UprightKey, "subject", stopping);
        var embedding = await objects.ReadInputAsync(understanding.EmbeddingKey, "edit embedding", stopping);
        var fullMask = understanding.FullMaskKey is null ? null : await objects.ReadInputAsync(understanding.FullMaskKey, "full mask", stopping);
        try
        {
            return Cut(EditPictures.Decode(scene, mask, subject, cropFactor), embedding, fullMask, side);
        }
        catch (Exception problem) when (problem is PictureException or CheckpointException)
        {
            throw new AttemptException(AttemptErrors.InputUnreadable(problem is PictureException ? "picture" : "edit embedding"), problem);
        }
    }

    private static EditScene Cut(EditPictures pictures, byte[] embedding, byte[]? fullMask, int side)
    {
        var (values, shape) = EmbeddingFile.Read(embedding);
        var (subject, subjectAlpha) = pictures.Subject is null ? (null, null) : ModelPictures.Subject(pictures.Subject, side);
        return new EditScene(
            pictures,
            ModelPictures.Scene(pictures.Scene, pictures.Crop, side),
            ModelPictures.Mask(pictures.Mask, pictures.Crop, side),
            fullMask is null ? null : CutFullMask(fullMask, pictures, side),
            subject,
            subjectAlpha,
            values,
            shape);
    }

    private static byte[] CutFullMask(byte[] png, EditPictures pictures, int side)
    {
        var mask = EditPictures.DecodeGray(png);
        if (mask.Width != pictures.Scene.Width || mask.Height != pictures.Scene.Height)
            throw new PictureException(PictureException.Invalid, "The full mask has another size than the scene.");
        return PictureResize.To(mask.Crop(pictures.Crop), side, side).Pixels;
    }
}
