namespace FlexEdit.Models.Editing;

/// <summary>Marked pixels of a square mask of side R: its box, in pixels of the crop.</summary>
/// <param name="X">Left column.</param>
/// <param name="Y">Top row.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
public readonly record struct MarkBox(int X, int Y, int Width, int Height)
{
    /// <summary>The tightest box around bytes of at least <paramref name="threshold"/>; the whole square where there is none.</summary>
    public static MarkBox Of(ReadOnlySpan<byte> mask, int side, byte threshold = 128)
    {
        int left = side, top = side, right = -1, bottom = -1;
        for (var y = 0; y < side; y++)
        {
            var row = mask.Slice(y * side, side);
            for (var x = 0; x < side; x++)
            {
                if (row[x] < threshold)
                    continue;
                left = Math.Min(left, x);
                right = Math.Max(right, x);
                top = Math.Min(top, y);
                bottom = y;
            }
        }
        return right < 0 ? new MarkBox(0, 0, side, side) : new MarkBox(left, top, right - left + 1, bottom - top + 1);
    }

    /// <summary>The longer of width and height.</summary>
    public int LongerSide => Math.Max(Width, Height);
}
