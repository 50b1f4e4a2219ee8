using System.Globalization;
using FlexEdit.Imaging;

namespace FlexEdit.Cli.Commands;

/// <summary>A size as people write it: <c>800x600</c>.</summary>
public static class PictureSize
{
    /// <summary>Reads width and height in pixels.</summary>
    /// <returns>False where the text is none, or a side is outside of what the server accepts.</returns>
    public static bool TryParse(string text, out (int Width, int Height) size)
    {
        size = default;
        var parts = text.Split('x', 'X', '×');
        if (parts.Length != 2 || !TryParseSide(parts[0], out var width) || !TryParseSide(parts[1], out var height))
            return false;
        size = (width, height);
        return (long)width * height <= PictureLimits.Default.Pixels;
    }

    private static bool TryParseSide(string text, out int side) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out side)
        && side >= 1 && side <= PictureLimits.Default.Side;
}
