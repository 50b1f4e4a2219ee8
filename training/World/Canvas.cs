namespace FlexEdit.Training.World;

/// <summary>Square RGB picture of side R that photographs and objects are drawn on.</summary>
internal sealed class Canvas(int side)
{
    private const int MostSamples = 4;

    /// <summary>Columns and rows.</summary>
    public int Side => side;

    /// <summary>R·R·3 bytes.</summary>
    public byte[] Rgb { get; private init; } = new byte[side * side * 3];

    /// <summary>A copy.</summary>
    public Canvas Copy() => new(side) { Rgb = (byte[])Rgb.Clone() };

    /// <summary>Fills the canvas with one colour.</summary>
    public void Fill(byte red, byte green, byte blue)
    {
        for (var i = 0; i < Rgb.Length; i += 3)
            (Rgb[i], Rgb[i + 1], Rgb[i + 2]) = (red, green, blue);
    }

    /// <summary>Fills the canvas with the square (x, y, size) of a photograph, mirrored or not.</summary>
    public void DrawPhoto(WorldPhoto photo, double x, double y, double size, bool mirror)
    {
        var step = size / side;
        var samples = Math.Clamp((int)Math.Ceiling(step), 1, MostSamples);
        // Where each sample falls: source column (three bytes a pixel), the one beside it, and the share of that.
        Span<int> columns = stackalloc int[side * samples];
        Span<int> beside = stackalloc int[side * samples];
        Span<float> shares = stackalloc float[side * samples];
        for (var i = 0; i < columns.Length; i++)
        {
            var (first, second, share) = Place(x + (((i + 0.5) / samples) * step), photo.Width, samples);
            (columns[i], beside[i], shares[i]) = (first * 3, second * 3, share);
        }

        Span<float> sums = stackalloc float[side * 3];
        for (var row = 0; row < side; row++)
        {
            sums.Clear();
            for (var i = 0; i < samples; i++)
            {
                var (upper, lower, share) = Place(y + ((row + ((i + 0.5) / samples)) * step), photo.Height, samples);
                Add(photo.Rgb.AsSpan(upper * photo.Width * 3), 1 - share, columns, beside, shares, samples, sums);
                if (share > 0)
                    Add(photo.Rgb.AsSpan(lower * photo.Width * 3), share, columns, beside, shares, samples, sums);
            }

            var weight = 1f / (samples * samples);
            for (var column = 0; column < side; column++)
            {
                var to = ((row * side) + (mirror ? side - 1 - column : column)) * 3;
                for (var c = 0; c < 3; c++)
                    Rgb[to + c] = (byte)((sums[(column * 3) + c] * weight) + 0.5f);
            }
        }
    }

    /// <summary>
    /// Draws an object centred at (cx, cy) with its longer side <paramref name="longer"/> pixels long, adds its opacity
    /// to <paramref name="alpha"/> and changes its colours by <paramref name="tint"/>.
    /// </summary>
    public void DrawObject(
        WorldObject thing, double cx, double cy, double longer, bool mirror, byte[]? alpha = null, Tint? tint = null)
    {
        var (left, top, right, bottom) = Extent(thing, cx, cy, longer);
        var sampler = new ObjectSampler(thing, longer / thing.LongerSide, left, top, mirror);
        for (var row = Math.Max(0, (int)top); row < Math.Min(side, (int)Math.Ceiling(bottom)); row++)
        {
            for (var column = Math.Max(0, (int)left); column < Math.Min(side, (int)Math.Ceiling(right)); column++)
            {
                var opacity = sampler.At(column, row, out var red, out var green, out var blue);
                if (opacity <= 0)
                    continue;
                if (tint is not null)
                    (red, green, blue) = tint.Apply(red, green, blue);
                var at = (row * side) + column;
                Blend(at * 3, red, opacity);
                Blend((at * 3) + 1, green, opacity);
                Blend((at * 3) + 2, blue, opacity);
                if (alpha is not null)
                    alpha[at] = (byte)Math.Max(alpha[at], (int)((opacity * 255) + 0.5f));
            }
        }
    }

    private static (double Left, double Top, double Right, double Bottom) Extent(
        WorldObject thing, double cx, double cy, double longer)
    {
        var scale = longer / thing.LongerSide;
        var (width, height) = (thing.Width * scale, thing.Height * scale);
        return (cx - (width / 2), cy - (height / 2), cx + (width / 2), cy + (height / 2));
    }

    // With several samples a pixel the nearest source pixel will do; a lone one is interpolated.
    private static (int First, int Second, float Share) Place(double at, int length, int samples)
    {
        if (samples > 1)
            return (Math.Clamp((int)at, 0, length - 1), 0, 0);
        at = Math.Clamp(at - 0.5, 0, length - 1);
        var first = (int)at;
        return (first, Math.Min(first + 1, length - 1), (float)(at - first));
    }

    private static void Add(
        ReadOnlySpan<byte> row, float weight, ReadOnlySpan<int> columns, ReadOnlySpan<int> beside, ReadOnlySpan<float> shares,
        int samples, Span<float> sums)
    {
        if (samples > 1)
        {
            for (var i = 0; i < columns.Length; i++)
            {
                var (from, to) = (columns[i], i / samples * 3);
                sums[to] += row[from];
                sums[to + 1] += row[from + 1];
                sums[to + 2] += row[from + 2];
            }

            return;
        }

        for (var i = 0; i < columns.Length; i++)
        {
            for (var c = 0; c < 3; c++)
                sums[(i * 3) + c] += weight * ((row[columns[i] + c] * (1 - shares[i])) + (row[beside[i] + c] * shares[i]));
        }
    }

    private void Blend(int at, float value, float opacity) =>
        Rgb[at] = (byte)Math.Clamp((Rgb[at] * (1 - opacity)) + (value * opacity) + 0.5f, 0, 255);
}
