using System.Numerics;
using System.Runtime.InteropServices;

namespace FlexEdit.Compositing;

/// <summary>
/// A picture at another size, row by row: the columns are resampled once, the rows when they are asked for, so that
/// enlarging a crop to thousands of pixels needs only a few rows of memory.
/// </summary>
public sealed class RowResampler
{
    private readonly Taps[] _vertical;
    private readonly float[][] _rows;
    private readonly float[] _row;

    /// <summary>Resamples the columns.</summary>
    /// <param name="pixels">Samples, row by row, the bands of a pixel side by side.</param>
    /// <param name="width">Columns of the input.</param>
    /// <param name="height">Rows of the input.</param>
    /// <param name="bands">Samples a pixel.</param>
    /// <param name="toWidth">Columns of the output.</param>
    /// <param name="toHeight">Rows of the output.</param>
    /// <param name="kernel">How samples are weighed.</param>
    public RowResampler(ReadOnlySpan<float> pixels, int width, int height, int bands, int toWidth, int toHeight, Kernel kernel)
    {
        if (pixels.Length != width * height * bands)
            throw new ArgumentException($"{pixels.Length} samples are not {width}x{height} pixels of {bands} bands.", nameof(pixels));
        _vertical = kernel.Taps(height, toHeight);
        _row = new float[toWidth * bands];
        _rows = new float[height][];
        var horizontal = kernel.Taps(width, toWidth);
        for (var y = 0; y < height; y++)
            _rows[y] = ResampleRow(pixels.Slice(y * width * bands, width * bands), bands, horizontal);
    }

    /// <summary>One row of the output, <c>toWidth · bands</c> samples; the caller may change it until the next call.</summary>
    public Span<float> Row(int y)
    {
        Array.Clear(_row);
        var taps = _vertical[y];
        for (var i = 0; i < taps.Weights.Length; i++)
        {
            if (taps.Weights[i] != 0)
                AddScaled(_rows[taps.First + i], taps.Weights[i], _row);
        }
        return _row;
    }

    private static float[] ResampleRow(ReadOnlySpan<float> row, int bands, Taps[] taps)
    {
        var result = new float[taps.Length * bands];
        for (var x = 0; x < taps.Length; x++)
        {
            var weights = taps[x].Weights;
            for (var band = 0; band < bands; band++)
            {
                var sum = 0f;
                var at = (taps[x].First * bands) + band;
                for (var i = 0; i < weights.Length; i++, at += bands)
                    sum += weights[i] * row[at];
                result[(x * bands) + band] = sum;
            }
        }
        return result;
    }

    private static void AddScaled(float[] source, float weight, float[] target)
    {
        var from = MemoryMarshal.Cast<float, Vector<float>>(source);
        var to = MemoryMarshal.Cast<float, Vector<float>>(target.AsSpan());
        for (var i = 0; i < to.Length; i++)
            to[i] += from[i] * weight;
        for (var i = to.Length * Vector<float>.Count; i < target.Length; i++)
            target[i] += source[i] * weight;
    }
}
