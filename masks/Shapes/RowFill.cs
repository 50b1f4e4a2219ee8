namespace FlexEdit.Masks.Shapes;

/// <summary>From intervals of coordinates to the pixels whose centres lie in them, ends included.</summary>
internal static class RowFill
{
    /// <summary>First and last of <paramref name="count"/> pixels with low &lt;= i + ½ &lt;= high; first &gt; last when none.</summary>
    public static (int First, int Last) Centres(double low, double high, int count)
    {
        var first = Math.Ceiling(low - 0.5);
        var last = Math.Floor(high - 0.5);
        return first > count - 1 || last < 0 || first > last
            ? (0, -1)
            : ((int)Math.Max(first, 0), (int)Math.Min(last, count - 1));
    }

    public static void Mark(Span<byte> row, double low, double high)
    {
        var (first, last) = Centres(low, high, row.Length);
        if (last >= first)
            row[first..(last + 1)].Fill(Mask.Marked);
    }
}
