using FlexEdit.Imaging;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;
using FlexEdit.Screening.Hosting;

namespace FlexEdit.Screening;

/// <summary>What a classifier is shown of a picture: small pictures of its own size that leave no part out.</summary>
internal static class Looks
{
    /// <summary>Most tiles of a picture; those of a longer one are no squares.</summary>
    private const int MostTiles = 8;

    /// <summary>
    /// Each is width · height · 3 bytes RGB, made when it is asked for. Of a picture with transparency both what is seen over white and the colours beneath: a model
    /// may be shown what a person does not see.
    /// </summary>
    public static IEnumerable<byte[]> Of(RgbaImage picture, ContentOptions options)
    {
        var hides = HidesColours(picture);
        foreach (var tile in Tiles(picture.Width, picture.Height, options.Fit))
        {
            var part = tile == picture.Frame ? picture : picture.Crop(tile);
            yield return PictureResize.To(part, options.Width, options.Height).Over(255, 255, 255).Pixels;
            if (hides)
                yield return PictureResize.To(part.WithoutAlpha(), options.Width, options.Height).Pixels;
        }
    }

    private static IEnumerable<Box> Tiles(int width, int height, string fit)
    {
        var (longer, shorter) = (Math.Max(width, height), Math.Min(width, height));
        var count = fit == ContentWords.Tiles ? Math.Min(MostTiles, (longer + shorter - 1) / shorter) : 1;
        // Side by side or overlapping, from edge to edge.
        var side = Math.Max(shorter, (longer + count - 1) / count);
        for (var i = 0; i < count; i++)
        {
            var start = count == 1 ? 0 : (int)((long)i * (longer - side) / (count - 1));
            var length = count == 1 ? longer : side;
            yield return width >= height ? new Box(start, 0, length, height) : new Box(0, start, width, length);
        }
    }

    private static bool HidesColours(RgbaImage picture)
    {
        for (var i = 3; i < picture.Pixels.Length; i += 4)
        {
            if (picture.Pixels[i] != 255)
                return true;
        }
        return false;
    }
}
