using System.Runtime.InteropServices;

namespace FlexEdit.Masks;

/// <summary>
/// A set of marked pixels of a picture: one byte a pixel, row by row, 255 where marked and 0 elsewhere.
/// </summary>
public sealed class Mask
{
    /// <summary>The byte of a marked pixel.</summary>
    public const byte Marked = 255;

    /// <summary>An empty mask.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A side is not positive.</exception>
    public Mask(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        Width = width;
        Height = height;
        Pixels = new byte[checked(width * height)];
    }

    private Mask(int width, int height, byte[] pixels)
    {
        Width = width;
        Height = height;
        Pixels = pixels;
    }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary><c>Width * Height</c> bytes, each 0 or <see cref="Marked"/>.</summary>
    public byte[] Pixels { get; }

    /// <summary>The whole picture.</summary>
    public Box Frame => new(0, 0, Width, Height);

    /// <summary>Whether a pixel is marked; false outside of the picture.</summary>
    public bool this[int x, int y]
    {
        get => (uint)x < (uint)Width && (uint)y < (uint)Height && Pixels[(y * Width) + x] != 0;
        set => Pixels[(y * Width) + x] = value ? Marked : (byte)0;
    }

    /// <summary>Marked pixels.</summary>
    public int Count => Pixels.AsSpan().Count(Marked);

    /// <summary>Marked share of the picture, 0…1.</summary>
    public double Coverage => (double)Count / Pixels.Length;

    /// <summary>True when nothing is marked.</summary>
    public bool IsEmpty => !Pixels.AsSpan().Contains(Marked);

    /// <summary>The tightest box around the marked pixels; empty when there are none.</summary>
    public Box Bounds
    {
        get
        {
            int left = Width, right = -1, top = -1, bottom = -1;
            for (var y = 0; y < Height; y++)
            {
                var row = Row(y);
                var first = row.IndexOf(Marked);
                if (first < 0)
                    continue;
                if (top < 0)
                    top = y;
                bottom = y;
                left = Math.Min(left, first);
                right = Math.Max(right, row.LastIndexOf(Marked));
            }

            return right < 0 ? default : new Box(left, top, right - left + 1, bottom - top + 1);
        }
    }

    /// <summary>Whether a marked pixel lies in the first or last row or column.</summary>
    public bool TouchesEdge
    {
        get
        {
            var box = Bounds;
            return !box.IsEmpty && (box.X == 0 || box.Y == 0 || box.Right == Width || box.Bottom == Height);
        }
    }

    /// <summary>One row of pixels.</summary>
    public Span<byte> Row(int y) => Pixels.AsSpan(y * Width, Width);

    /// <summary>A mask of the samples of one channel that are at least <paramref name="threshold"/>.</summary>
    /// <param name="samples"><paramref name="width"/> x <paramref name="height"/> values, row by row.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="threshold">The least value of a marked pixel.</param>
    /// <exception cref="ArgumentException">Another number of samples.</exception>
    public static Mask FromSamples(ReadOnlySpan<byte> samples, int width, int height, byte threshold = 128)
    {
        var mask = new Mask(width, height);
        if (samples.Length != mask.Pixels.Length)
            throw new ArgumentException($"{samples.Length} samples are not {width}x{height}.", nameof(samples));
        for (var i = 0; i < samples.Length; i++)
            mask.Pixels[i] = samples[i] >= threshold ? Marked : (byte)0;
        return mask;
    }

    /// <summary>A mask with every pixel of a box marked (clipped to the picture).</summary>
    public static Mask FromBox(Box box, int width, int height)
    {
        var mask = new Mask(width, height);
        var inside = box.Intersect(mask.Frame);
        for (var y = inside.Y; y < inside.Bottom; y++)
            mask.Row(y).Slice(inside.X, inside.Width).Fill(Marked);
        return mask;
    }

    /// <summary>A copy.</summary>
    public Mask Clone() => new(Width, Height, (byte[])Pixels.Clone());

    /// <summary>Marked in this or in <paramref name="other"/>.</summary>
    public Mask Union(Mask other) => Combine(other, static (a, b) => a | b);

    /// <summary>Marked in this and in <paramref name="other"/>.</summary>
    public Mask Intersect(Mask other) => Combine(other, static (a, b) => a & b);

    /// <summary>Marked in this and not in <paramref name="other"/>.</summary>
    public Mask Subtract(Mask other) => Combine(other, static (a, b) => a & ~b);

    /// <summary>Marked exactly where this is not.</summary>
    public Mask Invert() => Combine(this, static (a, _) => ~a);

    /// <summary>Shared pixels divided by pixels in either, 0…1; 1 for two empty masks.</summary>
    public double IntersectionOverUnion(Mask other)
    {
        var either = Union(other).Count;
        return either == 0 ? 1 : (double)Intersect(other).Count / either;
    }

    /// <summary>
    /// The part under a box. Where the box leaves the picture nothing is marked.
    /// </summary>
    public Mask Crop(Box box)
    {
        var result = new Mask(box.Width, box.Height);
        var inside = box.Intersect(Frame);
        for (var y = inside.Y; y < inside.Bottom; y++)
            Row(y).Slice(inside.X, inside.Width).CopyTo(result.Row(y - box.Y)[(inside.X - box.X)..]);
        return result;
    }

    /// <summary>Another size by nearest neighbour: output centre (i+½)·W/w falls into the source pixel taken.</summary>
    public Mask Resize(int width, int height)
    {
        var result = new Mask(width, height);
        for (var y = 0; y < height; y++)
        {
            var source = Row((int)(((2L * y) + 1) * Height / (2L * height)));
            var target = result.Row(y);
            for (var x = 0; x < width; x++)
                target[x] = source[(int)(((2L * x) + 1) * Width / (2L * width))];
        }

        return result;
    }

    private Mask Combine(Mask other, Func<ulong, ulong, ulong> rule)
    {
        if (other.Width != Width || other.Height != Height)
        {
            throw new ArgumentException(
                $"A {other.Width}x{other.Height} mask cannot be combined with one of {Width}x{Height}.", nameof(other));
        }

        var result = new Mask(Width, Height);
        var a = MemoryMarshal.Cast<byte, ulong>(Pixels.AsSpan());
        var b = MemoryMarshal.Cast<byte, ulong>(other.Pixels.AsSpan());
        var target = MemoryMarshal.Cast<byte, ulong>(result.Pixels.AsSpan());
        for (var i = 0; i < a.Length; i++)
            target[i] = rule(a[i], b[i]);
        for (var i = a.Length * 8; i < Pixels.Length; i++)
            result.Pixels[i] = (byte)rule(Pixels[i], other.Pixels[i]);
        return result;
    }
}
