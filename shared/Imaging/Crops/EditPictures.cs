using FlexEdit.Imaging.Decoding;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;

namespace FlexEdit.Imaging.Crops;

/// <summary>The stored pictures of an edit, decoded, and the crop that the model is given.</summary>
/// <param name="Scene">The upright scene.</param>
/// <param name="SceneHasAlpha">Whether its file has an alpha channel.</param>
/// <param name="Mask">The mask, at the scene's size.</param>
/// <param name="Subject">The upright subject; null for a single-image edit.</param>
/// <param name="Crop">The square around the mask.</param>
public sealed record EditPictures(RgbaImage Scene, bool SceneHasAlpha, Mask Mask, RgbaImage? Subject, Box Crop)
{
    // They were checked when they came in; storing them upright may have made the files larger.
    private static readonly PictureLimits Limits = new() { Bytes = int.MaxValue, Pixels = int.MaxValue, Side = int.MaxValue };

    /// <summary>Decodes what the gateway stored.</summary>
    /// <param name="scene">PNG, RGB or RGBA.</param>
    /// <param name="mask">PNG, one channel, white marks.</param>
    /// <param name="subject">PNG, RGB or RGBA; null for none.</param>
    /// <param name="cropFactor">Side of the crop divided by the longer side of the mask's box.</param>
    /// <exception cref="PictureException">A picture is damaged, the mask is empty or has another size than the scene.</exception>
    public static EditPictures Decode(byte[] scene, byte[] mask, byte[]? subject, double cropFactor)
    {
        // The mask first: its pixels are let go before those of the scene are made.
        var marked = DecodeMask(mask);
        if (marked.IsEmpty)
            throw new PictureException(PictureException.Invalid, "The mask marks nothing.");
        var decoded = PictureDecoder.Decode(scene, Limits);
        var pixels = decoded.Pixels;
        if (pixels.Width != marked.Width || pixels.Height != marked.Height)
        {
            throw new PictureException(
                PictureException.Invalid, $"The mask has {marked.Width}x{marked.Height} pixels, the scene {pixels.Width}x{pixels.Height}.");
        }
        var crop = EditCrop.Around(marked.Bounds, pixels.Width, pixels.Height, cropFactor);
        return new EditPictures(pixels, decoded.HasAlpha, marked, subject is null ? null : PictureDecoder.Decode(subject, Limits).Pixels, crop);
    }

    /// <summary>One channel of a stored picture.</summary>
    /// <exception cref="PictureException">It is damaged.</exception>
    public static GrayImage DecodeGray(byte[] picture)
    {
        var pixels = PictureDecoder.Decode(picture, Limits).Pixels;
        var gray = new GrayImage(pixels.Width, pixels.Height);
        for (var i = 0; i < gray.Pixels.Length; i++)
            gray.Pixels[i] = pixels.Pixels[i * 4];
        return gray;
    }

    private static Mask DecodeMask(byte[] picture)
    {
        var gray = DecodeGray(picture);
        return Masks.Mask.FromSamples(gray.Pixels, gray.Width, gray.Height);
    }
}
