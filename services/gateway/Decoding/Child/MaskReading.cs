using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;

namespace FlexEdit.Gateway.Decoding.Child;

/// <summary>From a picture to the set of pixels that it marks.</summary>
internal static class MaskReading
{
    /// <summary>The polarity that <see cref="MaskPolarity.Auto"/> stands for.</summary>
    public static string Resolve(string polarity, RgbaImage picture) =>
        polarity != MaskPolarity.Auto ? polarity
        : HasVaryingAlpha(picture) ? MaskPolarity.TransparentEdits
        : MaskPolarity.WhiteEdits;

    /// <summary>The marked pixels. What is transparent never counts as white or black: it is seen over the other.</summary>
    /// <param name="picture">Upright.</param>
    /// <param name="polarity">Resolved, not <see cref="MaskPolarity.Auto"/>.</param>
    public static Mask Read(RgbaImage picture, string polarity) => polarity switch
    {
        MaskPolarity.WhiteEdits => Bright(picture.Over(0, 0, 0)),
        MaskPolarity.BlackEdits => Bright(picture.Over(255, 255, 255)).Invert(),
        MaskPolarity.TransparentEdits => Opaque(picture).Invert(),
        MaskPolarity.OpaqueEdits => Opaque(picture),
        _ => throw new ArgumentOutOfRangeException(nameof(polarity), polarity, "There is no such polarity."),
    };

    private static Mask Opaque(RgbaImage picture) => Mask.FromSamples(picture.Alpha().Pixels, picture.Width, picture.Height);

    /// <summary>Brightness as ITU-R BT.601 weighs it, at least 128.</summary>
    private static Mask Bright(RgbImage picture)
    {
        var mask = new Mask(picture.Width, picture.Height);
        var (from, to) = (picture.Pixels, mask.Pixels);
        for (int i = 0, o = 0; o < to.Length; i += 3, o++)
            to[o] = (299 * from[i]) + (587 * from[i + 1]) + (114 * from[i + 2]) >= 128_000 ? Mask.Marked : (byte)0;
        return mask;
    }

    private static bool HasVaryingAlpha(RgbaImage picture)
    {
        var pixels = picture.Pixels;
        for (var i = 7; i < pixels.Length; i += 4)
        {
            if (pixels[i] != pixels[3])
                return true;
        }

        return false;
    }
}
