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
    /// <param name="scene">Upright, of the mask's shape, in whatever size.</param>
    /// <param name="mask">Of the scene's full size.</param>
    public static RgbImage Draw(DecodedPicture scene, Mask mask)
    {
        var (width, height) = Fit(mask.Width, mask.Height);
        var drawn = PictureResize.To(scene.HasAlpha ? scene.Pixels.Over(255, 255, 255) : scene.Pixels.WithoutAlpha(), width, height);
        var marks = Shares(mask, width, height);
        for (var i = 0; i < marks.Length; i++)
        {
            var share = marks[i] * Share / 255;
            for (var c = 0; share > 0 && c < 3; c++)
                drawn.Pixels[(i * 3) + c] = (byte)(((drawn.Pixels[(i * 3) + c] * (255 - share)) + (s_colour[c] * share)) / 255);
        }
        return drawn;
    }

    // How much of each pixel of the small picture is marked, of 255: the mean is all that is wanted, and a tenth of the work of a filter.
    private static byte[] Shares(Mask mask, int width, int height)
    {
        if (width == mask.Width && height == mask.Height)
            return mask.Pixels;
        var columns = new int[mask.Width];
        for (var x = 0; x < columns.Length; x++)
            columns[x] = (int)((long)x * width / mask.Width);
        var shares = new byte[width * height];
        var (sums, counts) = (new int[width], new int[width]);
        for (int y = 0, next; y < mask.Height; y = next)
        {
            var row = (int)((long)y * height / mask.Height);
            Array.Clear(sums);
            Array.Clear(counts);
            for (next = y; next < mask.Height && (int)((long)next * height / mask.Height) == row; next++)
            {
                var pixels = mask.Row(next);
                for (var x = 0; x < columns.Length; x++)
                {
                    sums[columns[x]] += pixels[x];
                    counts[columns[x]]++;
                }
            }
            for (var x = 0; x < width; x++)
                shares[(row * width) + x] = (byte)(sums[x] / counts[x]);
        }
        return shares;
    }

    private static (int Width, int Height) Fit(int width, int height)
    {
        var scale = Math.Min(1.0, (double)LongestSide / Math.Max(width, height));
        return (Math.Max(1, (int)Math.Round(width * scale)), Math.Max(1, (int)Math.Round(height * scale)));
    }
}
