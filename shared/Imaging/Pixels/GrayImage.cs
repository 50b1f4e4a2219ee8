using FlexEdit.Masks;

namespace FlexEdit.Imaging.Pixels;

/// <summary>One channel.</summary>
public sealed class GrayImage : Raster
{
    /// <summary>Wraps <paramref name="width"/> x <paramref name="height"/> samples without copying them.</summary>
    public GrayImage(int width, int height, byte[] pixels)
        : base(width, height, 1, pixels)
    {
    }

    /// <summary>A black picture.</summary>
    public GrayImage(int width, int height)
        : this(width, height, new byte[checked(width * height)])
    {
    }

    /// <summary>White where marked; shares the mask's bytes.</summary>
    public static GrayImage Of(Mask mask) => new(mask.Width, mask.Height, mask.Pixels);

    /// <summary>The part under a box, which must lie inside.</summary>
    public GrayImage Crop(Box box) => new(box.Width, box.Height, Cut(box));
}
