using FlexEdit.Masks;

namespace FlexEdit.Imaging.Pixels;

/// <summary>A picture as raw 8-bit samples: row by row, a pixel's channels side by side, no padding.</summary>
public abstract class Raster
{
    /// <summary>Wraps samples without copying them.</summary>
    /// <exception cref="ArgumentException">Their number is not width x height x channels.</exception>
    private protected Raster(int width, int height, int channels, byte[] pixels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if (pixels.Length != checked(width * height * channels))
            throw new ArgumentException($"{pixels.Length} samples are not {width}x{height}x{channels}.", nameof(pixels));
        (Width, Height, Channels, Pixels) = (width, height, channels, pixels);
    }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Samples of one pixel.</summary>
    public int Channels { get; }

    /// <summary>The samples.</summary>
    public byte[] Pixels { get; }

    /// <summary>The whole picture.</summary>
    public Box Frame => new(0, 0, Width, Height);

    /// <summary>One row of samples.</summary>
    public Span<byte> Row(int y) => Pixels.AsSpan(y * Width * Channels, Width * Channels);

    /// <summary>The samples of one pixel.</summary>
    public Span<byte> Pixel(int x, int y) => Pixels.AsSpan(((y * Width) + x) * Channels, Channels);

    /// <summary>The samples under a box that lies inside of the picture.</summary>
    private protected byte[] Cut(Box box)
    {
        if (box.IsEmpty || !Frame.Contains(box))
            throw new ArgumentException($"{box} is empty or leaves a {Width}x{Height} picture.", nameof(box));
        var length = box.Width * Channels;
        var cut = new byte[length * box.Height];
        for (var y = 0; y < box.Height; y++)
            Row(box.Y + y).Slice(box.X * Channels, length).CopyTo(cut.AsSpan(y * length));
        return cut;
    }
}
