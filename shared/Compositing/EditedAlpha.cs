using FlexEdit.Masks;

namespace FlexEdit.Compositing;

/// <summary>
/// How strongly each pixel of the crop is taken from the result: the model's edited region, cleaned of noise, grown by a
/// pixel, feathered, and led to exactly 0 before the crop's border, except where the crop ends with the picture.
/// </summary>
public static class EditedAlpha
{
    /// <summary>Region values below this are the difference between two decodings, not an edit.</summary>
    public const byte Noise = 16;

    /// <summary>Share of the crop's side along which the opacity rises from the border.</summary>
    public const float BorderShare = 1f / 16;

    /// <summary>Computes the opacity at the model's resolution.</summary>
    /// <param name="region">How much each pixel belongs to the edited region, 0 to 255, side · side.</param>
    /// <param name="side">R.</param>
    /// <param name="crop">Where the crop lies in the scene.</param>
    /// <param name="frame">The whole scene.</param>
    /// <returns>Opacity 0 to 1, side · side.</returns>
    public static float[] Of(ReadOnlySpan<byte> region, int side, Box crop, Box frame)
    {
        if (region.Length != side * side)
            throw new ArgumentException($"{region.Length} bytes are no region of {side}x{side}.", nameof(region));
        var alpha = new float[region.Length];
        for (var i = 0; i < alpha.Length; i++)
            alpha[i] = region[i] < Noise ? 0 : region[i] / 255f;

        var reach = Math.Max(1, side / 128);
        alpha = Filter(alpha, side, reach, Largest);
        alpha = Filter(alpha, side, reach, Mean);
        alpha = Filter(alpha, side, reach, Mean);

        var columns = Ramp(side, crop.X > frame.X, crop.Right < frame.Right);
        var rows = Ramp(side, crop.Y > frame.Y, crop.Bottom < frame.Bottom);
        for (var y = 0; y < side; y++)
        {
            for (var x = 0; x < side; x++)
                alpha[(y * side) + x] *= rows[y] * columns[x];
        }
        return alpha;
    }

    // 0 in the outermost three samples, so that the smooth kernel, which reaches over two, stays at 0 at the very border.
    private static float[] Ramp(int side, bool atStart, bool atEnd)
    {
        var length = Math.Max(4, side * BorderShare);
        var ramp = new float[side];
        for (var i = 0; i < side; i++)
        {
            var fromStart = atStart ? (i - 2) / length : 1;
            var fromEnd = atEnd ? (side - 3 - i) / length : 1;
            ramp[i] = Samples.Smoothstep(fromStart) * Samples.Smoothstep(fromEnd);
        }
        return ramp;
    }

    private static float Largest(ReadOnlySpan<float> window)
    {
        var largest = 0f;
        foreach (var value in window)
            largest = Math.Max(largest, value);
        return largest;
    }

    private static float Mean(ReadOnlySpan<float> window)
    {
        var sum = 0f;
        foreach (var value in window)
            sum += value;
        return sum / window.Length;
    }

    private delegate float Rule(ReadOnlySpan<float> window);

    /// <summary>
    /// Sets the outermost pixels of one row of the crop to exactly 0 where the scene goes on behind them: a crop that is
    /// smaller than the model's resolution would mix in samples from further inside.
    /// </summary>
    /// <param name="row">Opacities of row <paramref name="y"/> of the crop, at the scene's resolution.</param>
    /// <param name="y">Row of the crop, from 0.</param>
    /// <param name="crop">Where the crop lies in the scene.</param>
    /// <param name="frame">The whole scene.</param>
    public static void ClearBorder(Span<float> row, int y, Box crop, Box frame)
    {
        if ((y == 0 && crop.Y > frame.Y) || (y == crop.Height - 1 && crop.Bottom < frame.Bottom))
            row.Clear();
        if (crop.X > frame.X)
            row[0] = 0;
        if (crop.Right < frame.Right)
            row[^1] = 0;
    }

    // A separable filter over a square window of 2·reach + 1 samples, cut off at the border.
    private static float[] Filter(float[] source, int side, int reach, Rule rule)
    {
        var across = new float[source.Length];
        var result = new float[source.Length];
        Span<float> column = stackalloc float[(2 * reach) + 1];
        for (var y = 0; y < side; y++)
        {
            var row = source.AsSpan(y * side, side);
            for (var x = 0; x < side; x++)
            {
                var first = Math.Max(0, x - reach);
                across[(y * side) + x] = rule(row[first..Math.Min(side, x + reach + 1)]);
            }
        }
        for (var y = 0; y < side; y++)
        {
            var first = Math.Max(0, y - reach);
            var count = Math.Min(side, y + reach + 1) - first;
            for (var x = 0; x < side; x++)
            {
                for (var i = 0; i < count; i++)
                    column[i] = across[((first + i) * side) + x];
                result[(y * side) + x] = rule(column[..count]);
            }
        }
        return result;
    }
}
