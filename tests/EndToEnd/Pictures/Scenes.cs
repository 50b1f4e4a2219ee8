using FlexEdit.Imaging;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;

namespace FlexEdit.Tests.EndToEnd.Pictures;

/// <summary>Pictures made by rule, so that a test can say what it sent to the last pixel.</summary>
internal static class Scenes
{
    /// <summary>Soft gradients with grain: no two neighbourhoods alike, so that nothing can be copied by mistake.</summary>
    public static RgbaImage Photograph(int width, int height)
    {
        var picture = new RgbaImage(width, height);
        var grain = 12345u;
        for (var y = 0; y < height; y++)
        {
            var row = picture.Row(y);
            for (var x = 0; x < width; x++)
            {
                grain = (grain * 1664525) + 1013904223;
                row[4 * x] = (byte)((200 * x / width) + (grain >> 30));
                row[(4 * x) + 1] = (byte)((200 * y / height) + (grain >> 28 & 3));
                row[(4 * x) + 2] = (byte)(90 + (60 * ((x + y) % 977) / 977) + (grain >> 26 & 3));
                row[(4 * x) + 3] = 255;
            }
        }
        return picture;
    }

    public static byte[] PhotographPng(int width = 320, int height = 240) => PictureEncoder.Png(Photograph(width, height).WithoutAlpha());

    /// <summary>A mask file: white in the box, black around it.</summary>
    public static byte[] MaskPng(int width, int height, Box box) => PictureEncoder.Png(GrayImage.Of(Mask.FromBox(box, width, height)));

    /// <summary>A rough ring around the middle, as marks.</summary>
    public static string RingAt(int x, int y, int radius) =>
        $$"""[{"type":"circle","cx":{{x}},"cy":{{y}},"r":{{radius}},"hollow":{{Math.Max(2, radius / 5)}}}]""";

    /// <summary>Something to put there: a red disc on transparent ground.</summary>
    public static byte[] SubjectPng()
    {
        var disc = new RgbaImage(64, 64);
        for (var y = 0; y < 64; y++)
        {
            for (var x = 0; x < 64; x++)
            {
                if (((x - 32) * (x - 32)) + ((y - 32) * (y - 32)) < 28 * 28)
                    new byte[] { 220, 40, 30, 255 }.CopyTo(disc.Pixel(x, y));
            }
        }
        return PictureEncoder.Png(disc);
    }
}
