using FlexEdit.Imaging.Pixels;
using NetVips;

namespace FlexEdit.Imaging;

/// <summary>Other sizes of pictures: Lanczos where they shrink, cubic where they grow.</summary>
public static class PictureResize
{
    /// <summary>Resizes to exactly this size.</summary>
    public static RgbImage To(RgbImage picture, int width, int height) =>
        new(width, height, Resize(picture, width, height));

    /// <summary>Resizes to exactly this size; colours are weighted by alpha, so that hidden ones do not shine through.</summary>
    public static RgbaImage To(RgbaImage picture, int width, int height) =>
        new(width, height, Resize(picture, width, height));

    /// <summary>Resizes to exactly this size.</summary>
    public static GrayImage To(GrayImage picture, int width, int height) =>
        new(width, height, Resize(picture, width, height));

    private static byte[] Resize(Raster picture, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if (picture.Width == width && picture.Height == height)
            return (byte[])picture.Pixels.Clone();

        var shrinks = (long)width * height < (long)picture.Width * picture.Height;
        var kernel = shrinks ? Enums.Kernel.Lanczos3 : Enums.Kernel.Cubic;
        var (across, down) = ((double)width / picture.Width, (double)height / picture.Height);
        using var image = Vips.Of(picture);
        if (picture.Channels != 4)
        {
            using var resized = image.Resize(across, kernel: kernel, vscale: down);
            return Exactly(resized, width, height);
        }

        using var multiplied = image.Premultiply();
        using var weighted = multiplied.Resize(across, kernel: kernel, vscale: down);
        using var divided = weighted.Unpremultiply();
        using var rounded = divided.Rint();
        using var bytes = rounded.Cast(Enums.BandFormat.Uchar);
        return Exactly(bytes, width, height);
    }

    /// <summary>The library rounds the size itself, and may be one off.</summary>
    private static byte[] Exactly(Image image, int width, int height)
    {
        if (image.Width == width && image.Height == height)
            return image.WriteToMemory<byte>();
        using var cut = image.Embed(0, 0, width, height, extend: Enums.Extend.Copy);
        return cut.WriteToMemory<byte>();
    }
}
