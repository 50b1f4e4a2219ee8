namespace FlexEdit.Models.Editing;

/// <summary>Where in the crop something is put that an edit paints.</summary>
public static class EditPlace
{
    // Less is no object but a few pixels that the mask head was wrong about.
    private const double LeastShare = 0.08, LeastOverlap = 0.2;

    // What is thinly scattered at the edges of a predicted mask is no part of its box.
    private const double Stray = 0.01;

    /// <summary>
    /// The box that a new thing fills to <see cref="CollagePlacement.ObjectShare"/>: where the marked object is, if there is one, for a replacement stands where the old
    /// object stood however roughly that was marked; else the mask's own box.
    /// </summary>
    /// <param name="mask">The free-shape mask, R·R bytes.</param>
    /// <param name="fullMask">The whole object's, R·R bytes, as predicted; null or without an object where there is none.</param>
    /// <param name="side">R.</param>
    public static MarkBox Of(ReadOnlySpan<byte> mask, ReadOnlySpan<byte> fullMask, int side)
    {
        var marked = MarkBox.Of(mask, side);
        if (fullMask.IsEmpty || Bulk(fullMask, side) is not { } whole || whole.Pixels < LeastShare * marked.Width * marked.Height)
            return marked;
        var box = whole.Box;
        if (Overlap(box, marked) < LeastOverlap)
            return marked;
        var margin = (int)Math.Round(box.LongerSide * ((1 / CollagePlacement.ObjectShare) - 1) / 2);
        return Grown(box, margin, side);
    }

    private static MarkBox Grown(MarkBox box, int by, int side)
    {
        var (left, top) = (Math.Max(0, box.X - by), Math.Max(0, box.Y - by));
        return new MarkBox(left, top, Math.Min(side, box.X + box.Width + by) - left, Math.Min(side, box.Y + box.Height + by) - top);
    }

    private static (MarkBox Box, int Pixels)? Bulk(ReadOnlySpan<byte> mask, int side)
    {
        Span<int> columns = stackalloc int[side], rows = stackalloc int[side];
        var pixels = 0;
        for (var i = 0; i < mask.Length; i++)
        {
            if (mask[i] < 128)
                continue;
            columns[i % side]++;
            rows[i / side]++;
            pixels++;
        }
        if (pixels == 0)
            return null;
        var (left, right) = Middle(columns, pixels);
        var (top, bottom) = Middle(rows, pixels);
        return (new MarkBox(left, top, right - left + 1, bottom - top + 1), pixels);
    }

    private static (int First, int Last) Middle(ReadOnlySpan<int> counts, int total)
    {
        var (first, last, stray) = (0, counts.Length - 1, (int)(Stray * total));
        for (var left = stray; counts[first] <= left; first++)
            left -= counts[first];
        for (var left = stray; counts[last] <= left; last--)
            left -= counts[last];
        return (first, last);
    }

    // Of both boxes' areas together.
    private static double Overlap(MarkBox a, MarkBox b)
    {
        var width = Math.Min(a.X + a.Width, b.X + b.Width) - Math.Max(a.X, b.X);
        var height = Math.Min(a.Y + a.Height, b.Y + b.Height) - Math.Max(a.Y, b.Y);
        if (width <= 0 || height <= 0)
            return 0;
        var both = (double)width * height;
        return both / (((double)a.Width * a.Height) + ((double)b.Width * b.Height) - both);
    }
}
