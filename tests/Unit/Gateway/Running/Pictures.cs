using FlexEdit.Imaging;
using FlexEdit.Imaging.Pixels;

namespace FlexEdit.Tests.Unit.Gateway.Running;

/// <summary>Small pictures as files.</summary>
internal static class Pictures
{
    public const int Width = 60;
    public const int Height = 40;

    /// <summary>A colour gradient.</summary>
    public static byte[] Scene(int width = Width, int height = Height) => PictureEncoder.Png(Gradient(width, height));

    public static byte[] SceneJpeg(int width = Width, int height = Height) => PictureEncoder.Jpeg(Gradient(width, height));

    /// <summary>White in the left half, black in the right.</summary>
    public static byte[] Mask(int width = Width, int height = Height)
    {
        var mask = new GrayImage(width, height);
        for (var y = 0; y < height; y++)
            mask.Row(y)[..(width / 2)].Fill(255);
        return PictureEncoder.Png(mask);
    }

    /// <summary>Transparent in the left half, opaque in the right.</summary>
    public static byte[] HalfTransparent(int width = Width, int height = Height)
    {
        var mask = new RgbaImage(width, height);
        for (var i = 0; i < width * height; i++)
            mask.Pixels[(4 * i) + 3] = (byte)(i % width < width / 2 ? 0 : 255);
        return PictureEncoder.Png(mask);
    }

    public static byte[] Plain(byte value, int width = Width, int height = Height)
    {
        var picture = new GrayImage(width, height);
        picture.Pixels.AsSpan().Fill(value);
        return PictureEncoder.Png(picture);
    }

    private static RgbImage Gradient(int width, int height)
    {
        var picture = new RgbImage(width, height);
        for (var i = 0; i < picture.Pixels.Length; i++)
            picture.Pixels[i] = (byte)((i * 7) + (i / width));
        return picture;
    }
}
