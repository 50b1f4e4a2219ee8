using FlexEdit.Imaging.Pixels;
using NetVips;

namespace FlexEdit.Tests.EndToEnd.Pictures;

/// <summary>Pictures with metadata: an EXIF orientation, or everything that must not come back.</summary>
internal static class TaggedPictures
{
    /// <summary>Words hidden in the metadata of <see cref="WithSecrets"/>.</summary>
    public const string Secret = "SECRET-OF-THE-PHOTOGRAPHER";

    /// <summary>
    /// Stores an upright picture the way a camera held that way would (EXIF 2.32, tag 0x0112): a reader that applies
    /// the orientation gets <paramref name="upright"/> back.
    /// </summary>
    public static byte[] Turned(RgbaImage upright, int orientation)
    {
        var stored = Stored(upright, orientation);
        using var image = Image.NewFromMemory(stored.Pixels, stored.Width, stored.Height, 3, Enums.BandFormat.Uchar);
        using var colours = image.Copy(interpretation: Enums.Interpretation.Srgb);
        using var tagged = colours.Mutate(mutable => mutable.Set(GValue.GIntType, "orientation", orientation));
        return tagged.JpegsaveBuffer(q: 95, subsampleMode: Enums.ForeignSubsample.Off);
    }

    /// <summary>A JPEG with EXIF (with a place on earth), XMP and a colour profile.</summary>
    public static byte[] WithSecrets(RgbaImage picture)
    {
        var colours = picture.WithoutAlpha();
        using var image = Image.NewFromMemory(colours.Pixels, colours.Width, colours.Height, 3, Enums.BandFormat.Uchar);
        using var srgb = image.Copy(interpretation: Enums.Interpretation.Srgb);
        using var profiled = srgb.IccTransform("p3", inputProfile: "srgb");
        using var tagged = profiled.Mutate(mutable =>
        {
            mutable.Set(GValue.GStrType, "exif-ifd0-ImageDescription", $"{Secret} (ASCII)");
            mutable.Set(GValue.GStrType, "exif-ifd3-GPSLatitudeRef", "N");
            mutable.Set(GValue.GStrType, "exif-ifd3-GPSLatitude", "52/1 31/1 0/1");
            mutable.Set(GValue.BlobType, "xmp-data", System.Text.Encoding.UTF8.GetBytes($"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{Secret}</x:xmpmeta>"));
        });
        return tagged.JpegsaveBuffer(keep: Enums.ForeignKeep.All);
    }

    private static RgbImage Stored(RgbaImage upright, int orientation)
    {
        var (width, height) = orientation >= 5 ? (upright.Height, upright.Width) : (upright.Width, upright.Height);
        var stored = new RgbImage(width, height);
        for (var y = 0; y < upright.Height; y++)
        {
            for (var x = 0; x < upright.Width; x++)
            {
                var (right, bottom) = (upright.Width - 1 - x, upright.Height - 1 - y);
                var (column, row) = orientation switch
                {
                    2 => (right, y),
                    3 => (right, bottom),
                    4 => (x, bottom),
                    5 => (y, x),
                    6 => (y, right),
                    7 => (bottom, right),
                    8 => (bottom, x),
                    _ => (x, y),
                };
                upright.Pixel(x, y)[..3].CopyTo(stored.Pixel(column, row));
            }
        }
        return stored;
    }
}
