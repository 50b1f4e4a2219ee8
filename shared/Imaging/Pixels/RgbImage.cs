using FlexEdit.Masks;

namespace FlexEdit.Imaging.Pixels;

/// <summary>Red, green, blue in sRGB.</summary>
public sealed class RgbImage : Raster
{
    /// <summary>Wraps <paramref name="width"/> x <paramref name="height"/> x 3 samples without copying them.</summary>
    public RgbImage(int width, int height, byte[] pixels)
        : base(width, height, 3, pixels)
    {
    }

    /// <summary>A black picture.</summary>
    public RgbImage(int width, int height)
        : this(width, height, new byte[checked(width * height * 3)])
    {
    }

    /// <summary>The part under a box, which must lie inside.</summary>
    public RgbImage Crop(Box box) => new(box.Width, box.Height, Cut(box));

    /// <summary>The same with alpha 255.</summary>
    public RgbaImage ToRgba()
    {
        var result = new RgbaImage(Width, Height);
        for (int i = 0, o = 0; i < Pixels.Length; i += 3, o += 4)
        {
            result.Pixels[o] = Pixels[i];
            result.Pixels[o + 1] = Pixels[i + 1];
            result.Pixels[o + 2] = Pixels[i + 2];
            result.Pixels[o + 3] = 255;
        }

        return result;
    }
}
