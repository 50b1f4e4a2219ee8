using FlexEdit.Imaging.Pixels;
using NetVips;

namespace FlexEdit.Imaging.Decoding;

/// <summary>Decodes JPEG, PNG and WebP from untrusted bytes into upright 8-bit sRGB.</summary>
public static class PictureDecoder
{
    /// <summary>
    /// Decodes a picture. In this order: bytes, format, frames, the size the header tells; only then the pixels.
    /// </summary>
    /// <param name="bytes">A whole file.</param>
    /// <param name="limits">Null for the usual ones.</param>
    /// <exception cref="PictureException">The picture is refused; the code says why.</exception>
    public static DecodedPicture Decode(byte[] bytes, PictureLimits? limits = null)
    {
        using var header = ReadHeader(bytes, limits ?? PictureLimits.Default, out var format);
        try
        {
            return Convert(header, format);
        }
        catch (VipsException problem)
        {
            throw Damaged(format, problem);
        }
    }

    /// <summary>
    /// Decodes a picture of which only a small copy is wanted: smaller than it is where that is less work (JPEG), but never with a longer side below
    /// <paramref name="side"/> pixels. The file is read to its end, and refused as <see cref="Decode(byte[], PictureLimits?)"/> does.
    /// </summary>
    /// <param name="bytes">A whole file.</param>
    /// <param name="side">Pixels.</param>
    /// <param name="limits">Null for the usual ones.</param>
    /// <returns>The picture, and the upright size that it has in full.</returns>
    /// <exception cref="PictureException">The picture is refused; the code says why.</exception>
    public static (DecodedPicture Picture, int Width, int Height) DecodeSmall(byte[] bytes, int side, PictureLimits? limits = null)
    {
        using var header = ReadHeader(bytes, limits ?? PictureLimits.Default, out var format);
        var (width, height) = Orientation(header) >= 5 ? (header.Height, header.Width) : (header.Width, header.Height);
        var shrink = format == PictureFormat.Jpeg ? Array.Find([8, 4, 2], by => Math.Max(width, height) / by >= side) : 0;
        try
        {
            using var smaller = shrink == 0 ? header.Copy() : Vips.OpenJpeg(bytes, shrink);
            return (Convert(smaller, format), width, height);
        }
        catch (VipsException problem)
        {
            throw Damaged(format, problem);
        }
    }

    /// <summary>Decodes a file. See <see cref="Decode(byte[], PictureLimits?)"/>.</summary>
    public static DecodedPicture DecodeFile(string path, PictureLimits? limits = null) =>
        Decode(File.ReadAllBytes(path), limits);

    /// <summary>Checks everything that can be known without decoding pixels; returns the upright size.</summary>
    /// <exception cref="PictureException">The picture is refused; the code says why.</exception>
    public static (PictureFormat Format, int Width, int Height) Inspect(byte[] bytes, PictureLimits? limits = null)
    {
        using var header = ReadHeader(bytes, limits ?? PictureLimits.Default, out var format);
        return Orientation(header) >= 5 ? (format, header.Height, header.Width) : (format, header.Width, header.Height);
    }

    private static Image ReadHeader(byte[] bytes, PictureLimits limits, out PictureFormat format)
    {
        if (bytes.LongLength > limits.Bytes)
        {
            throw new PictureException(
                PictureException.PayloadTooLarge,
                $"The picture has {bytes.LongLength} bytes; {limits.Bytes} are allowed.");
        }

        format = FormatSniffer.Format(bytes);
        FormatSniffer.Check(bytes, format, limits);
        Image header;
        try
        {
            header = Vips.Open(bytes);
        }
        catch (VipsException problem)
        {
            throw Damaged(format, problem);
        }

        try
        {
            limits.Check(header.Width, header.Height);
            return header;
        }
        catch
        {
            header.Dispose();
            throw;
        }
    }

    private static DecodedPicture Convert(Image header, PictureFormat format)
    {
        var report = new List<string>();
        var orientation = Orientation(header);
        using var upright = header.Autorot();
        if (orientation != 1)
            report.Add($"{Movement(orientation)} by EXIF orientation {orientation}");

        using var colours = ColourConversion.ToSrgb(upright, report);
        var hasAlpha = colours.HasAlpha();
        using var rgba = hasAlpha ? colours.Copy() : colours.Bandjoin(255);
        return new DecodedPicture(
            new RgbaImage(rgba.Width, rgba.Height, rgba.WriteToMemory<byte>()), hasAlpha, format, orientation, report);
    }

    private static int Orientation(Image image) =>
        image.Contains("orientation") && image.Get("orientation") is int value and >= 1 and <= 8 ? value : 1;

    private static string Movement(int orientation) => orientation switch
    {
        2 or 4 => "mirrored",
        5 or 7 => "mirrored and rotated",
        _ => "rotated",
    };

    private static PictureException Damaged(PictureFormat format, VipsException problem) => new(
        PictureException.Invalid,
        $"This {format.ToString().ToUpperInvariant()} cannot be decoded: it is damaged or cut short.",
        problem);
}
