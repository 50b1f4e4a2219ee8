using System.Text;

namespace FlexEdit.Masks.Rle;

/// <summary>
/// Run-length coding of masks as COCO does it: runs go down the columns, left to right, and begin with the
/// unmarked pixels; as a list of numbers ("uncompressed") or as a string of 6-bit characters ("compressed").
/// </summary>
public static class CocoRle
{
    /// <summary>The runs of a mask; the first one (unmarked) may be 0.</summary>
    public static IReadOnlyList<int> Encode(Mask mask)
    {
        var runs = new List<int>();
        byte current = 0;
        var length = 0;
        for (var x = 0; x < mask.Width; x++)
        {
            for (var y = 0; y < mask.Height; y++)
            {
                var value = mask.Pixels[(y * mask.Width) + x];
                if (value != current)
                {
                    runs.Add(length);
                    (current, length) = (value, 0);
                }

                length++;
            }
        }

        runs.Add(length);
        return runs;
    }

    /// <summary>The mask of a list of runs.</summary>
    /// <exception cref="FormatException">A run is negative, or the runs do not add up to the picture.</exception>
    public static Mask Decode(IReadOnlyList<int> runs, int width, int height)
    {
        var mask = new Mask(width, height);
        long position = 0;
        var marked = false;
        foreach (var run in runs)
        {
            if (run < 0)
                throw new FormatException($"a run of {run} pixels is negative");
            var end = position + run;
            if (end > mask.Pixels.Length)
                throw new FormatException($"the runs go beyond the {mask.Pixels.Length} pixels of {width}x{height}");
            if (marked)
                MarkColumnwise(mask, (int)position, (int)end);
            (position, marked) = (end, !marked);
        }

        if (position != mask.Pixels.Length)
            throw new FormatException($"the runs make {position} pixels, but {width}x{height} has {mask.Pixels.Length}");
        return mask;
    }

    /// <summary>
    /// The string form: from the fourth run on the difference to the run two before, in groups of five bits,
    /// least first, the sixth bit telling that more follow, each as the character 48 + group.
    /// </summary>
    public static string Compress(IReadOnlyList<int> runs)
    {
        var text = new StringBuilder(runs.Count * 2);
        for (var i = 0; i < runs.Count; i++)
        {
            long rest = i > 2 ? (long)runs[i] - runs[i - 2] : runs[i];
            bool more;
            do
            {
                var group = (int)(rest & 31);
                rest >>= 5;
                more = (group & 16) != 0 ? rest != -1 : rest != 0;
                text.Append((char)((more ? group | 32 : group) + 48));
            }
            while (more);
        }

        return text.ToString();
    }

    /// <summary>The runs of the string form.</summary>
    /// <exception cref="FormatException">A character outside of 48…111, a number cut short or too large.</exception>
    public static IReadOnlyList<int> Decompress(string text)
    {
        var runs = new List<int>();
        var i = 0;
        while (i < text.Length)
        {
            long value = 0;
            var shift = 0;
            bool more;
            do
            {
                if (i >= text.Length)
                    throw new FormatException("the string ends inside of a number");
                var group = text[i] - 48;
                if (group is < 0 or > 63)
                    throw new FormatException($"character {i} ('{text[i]}') is not one of this code");
                if (shift > 35)
                    throw new FormatException($"the number at character {i} is too large");
                value |= (long)(group & 31) << shift;
                shift += 5;
                more = (group & 32) != 0;
                if (!more && (group & 16) != 0)
                    value |= -1L << shift;
                i++;
            }
            while (more);

            if (runs.Count > 2)
                value += runs[^2];
            if (value is < 0 or > int.MaxValue)
                throw new FormatException($"run {runs.Count} would be {value} pixels long");
            runs.Add((int)value);
        }

        return runs;
    }

    private static void MarkColumnwise(Mask mask, int from, int to)
    {
        var (x, y) = (from / mask.Height, from % mask.Height);
        for (var i = from; i < to; i++)
        {
            mask.Pixels[(y * mask.Width) + x] = Mask.Marked;
            if (++y == mask.Height)
                (x, y) = (x + 1, 0);
        }
    }
}
