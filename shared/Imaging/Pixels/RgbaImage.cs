using FlexEdit.Masks;

namespace FlexEdit.Imaging.Pixels;

/// <summary>Red, green, blue in sRGB and alpha (255 opaque); the colours are not multiplied by alpha.</summary>
public sealed class RgbaImage : Raster
{
    /// <summary>Wraps <paramref name="width"/> x <paramref name="height"/> x 4 samples without copying them.</summary>
    public RgbaImage(int width, int height, byte[] pixels)
        : base(width, height, 4, pixels)
    {
    }

    /// <summary>A transparent black picture.</summary>
    public RgbaImage(int width, int height)
        : this(width, height, new byte[checked(width * height * 4)])
    {
    }

    /// <summary>The part under a box, which must lie inside.</summary>
    public RgbaImage Crop(Box box) => new(box.Width, box.Height, Cut(box));

    /// <summary>The colours alone, whatever alpha says.</summary>
    public RgbImage WithoutAlpha()
    {
        var result = new RgbImage(Width, Height);
        for (int i = 0, o = 0; i < Pixels.Length; i += 4, o += 3)
        {
            result.Pixels[o] = Pixels[i];
            result.Pixels[o + 1] = Pixels[i + 1];
            result.Pixels[o + 2] = Pixels[i + 2];
        }

        return result;
    }

    /// <summary>The picture as seen over a plain ground of one colour.</summary>
    public RgbImage Over(byte red, byte green, byte blue)
    {
        ReadOnlySpan<byte> ground = [red, green, blue];
        var result = new RgbImage(Width, Height);
        for (int i = 0, o = 0; i < Pixels.Length; i += 4, o += 3)
        {
            int alpha = Pixels[i + 3];
            for (var c = 0; c < 3; c++)
                result.Pixels[o + c] = (byte)(((Pixels[i + c] * alpha) + (ground[c] * (255 - alpha)) + 127) / 255);
        }

        return result;
    }

    /// <summary>The alpha channel.</summary>
    public GrayImage Alpha()
    {
        var result = new GrayImage(Width, Height);
        for (var i = 0; i < result.Pixels.Length; i++)
            result.Pixels[i] = Pixels[(i * 4) + 3];
        return result;
    }
}
