using FlexEdit.Imaging;
using FlexEdit.Imaging.Decoding;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;

namespace FlexEdit.Gateway.Decoding.Child;

/// <summary>The scene, small, with the mask on it in a colour that photographs do not have.</summary>
internal static class InspectionOverlay
{
    /// <summary>Longest side of the picture, pixels.</summary>
    public const int LongestSide = 512;

    private const int Share = 160; // Of 255, where the mask marks.
    private static readonly byte[] s_colour = [255, 0, 128];

    /// <summary>Draws it; a thin mark fades where it is smaller than a pixel, and does not vanish.</summary>
    public static RgbImage Draw(DecodedPicture scene, Mask mask)
    {
        var (width, height) = Fit(mask.Width, mask.Height);
        var drawn = PictureResize.To(scene.HasAlpha ? scene.Pixels.Over(255, 255, 255) : scene.Pixels.WithoutAlpha(), width, height);
        var marks = PictureResize.To(GrayImage.Of(mask), width, height).Pixels;
        for (var i = 0; i < marks.Length; i++)
        {
            var share = marks[i] * Share / 255;
            for (var c = 0; share > 0 && c < 3; c++)
                drawn.Pixels[(i * 3) + c] = (byte)(((drawn.Pixels[(i * 3) + c] * (255 - share)) + (s_colour[c] * share)) / 255);
        }
        return drawn;
    }

    private static (int Width, int Height) Fit(int width, int height)
    {
        var scale = Math.Min(1.0, (double)LongestSide / Math.Max(width, height));
        return (Math.Max(1, (int)Math.Round(width * scale)), Math.Max(1, (int)Math.Round(height * scale)));
    }
}
