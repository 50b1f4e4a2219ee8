using FlexEdit.Masks;

namespace FlexEdit.Generation.Compositing;

/// <summary>The upright scene, decoded once: 8-bit RGB or RGBA, row by row. Never written to.</summary>
public sealed class SceneRaster
{
    /// <summary>Wraps pixels.</summary>
    /// <param name="pixels"><paramref name="width"/> · <paramref name="height"/> · <paramref name="bands"/> bytes.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="bands">3 (RGB) or 4 (RGBA).</param>
    /// <exception cref="ArgumentException">The sizes do not fit together.</exception>
    public SceneRaster(byte[] pixels, int width, int height, int bands)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if (bands is not (3 or 4))
            throw new ArgumentException($"A scene has 3 or 4 bands, not {bands}.", nameof(bands));
        if (pixels.LongLength != (long)width * height * bands)
            throw new ArgumentException($"{pixels.LongLength} bytes are not {width}x{height} pixels of {bands} bands.", nameof(pixels));
        (Pixels, Width, Height, Bands) = (pixels, width, height, bands);
    }

    /// <summary>The bytes.</summary>
    public byte[] Pixels { get; }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>3 or 4.</summary>
    public int Bands { get; }

    /// <summary>The whole picture.</summary>
    public Box Frame => new(0, 0, Width, Height);

    /// <summary>One row.</summary>
    public ReadOnlySpan<byte> Row(int y) => Pixels.AsSpan(y * Width * Bands, Width * Bands);

    /// <summary>The part of a row that lies in a box.</summary>
    public ReadOnlySpan<byte> Row(int y, Box box) => Row(y).Slice(box.X * Bands, box.Width * Bands);
}
