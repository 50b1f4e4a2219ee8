using static TorchSharp.torch;

namespace FlexEdit.Models.Images;

/// <summary>A picture of 8-bit RGB samples, row by row, the three samples of a pixel side by side.</summary>
public sealed class RgbPicture
{
    /// <summary>Wraps samples.</summary>
    /// <param name="pixels">width · height · 3 bytes.</param>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <exception cref="ArgumentException">The number of samples is not that of the sides.</exception>
    public RgbPicture(byte[] pixels, int width, int height)
    {
        if (width < 1 || height < 1 || pixels.LongLength != 3L * width * height)
            throw new ArgumentException($"{pixels.LongLength} samples are no picture of {width}x{height} pixels.", nameof(pixels));
        (Pixels, Width, Height) = (pixels, width, height);
    }

    /// <summary>The samples.</summary>
    public byte[] Pixels { get; }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>float32 [1, 3, height, width], 0 to 255.</summary>
    public Tensor ToTensor()
    {
        using var scope = NewDisposeScope();
        return tensor(Pixels, [1, Height, Width, 3], dtype: ScalarType.Byte).permute(0, 3, 1, 2).to(float32).contiguous().MoveToOuterDisposeScope();
    }
}
