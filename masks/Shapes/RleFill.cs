using FlexEdit.Masks.Rle;

namespace FlexEdit.Masks.Shapes;

/// <summary>Run-length coded marks: turning them, and the line along their border.</summary>
internal static class RleFill
{
    public static Mask Draw(RleMark mark)
    {
        var mask = CocoRle.Decode(mark.Runs, mark.Width, mark.Height);
        if (mark.Rotation % 360 != 0)
            mask = Rotate(mask, mark.Rotation);
        return mark.Hollow is { } line ? Border(mask, line / 2) : mask;
    }

    private static Mask Rotate(Mask mask, double degrees)
    {
        var result = new Mask(mask.Width, mask.Height);
        var box = mask.Bounds;
        if (box.IsEmpty)
            return result;
        var back = new Turn(-degrees, box.X + (box.Width / 2.0), box.Y + (box.Height / 2.0));
        for (var y = 0; y < mask.Height; y++)
        {
            var row = result.Row(y);
            for (var x = 0; x < mask.Width; x++)
            {
                var p = back.Apply(new MarkPoint(x + 0.5, y + 0.5));
                if (p.X >= box.X && p.X < box.Right && p.Y >= box.Y && p.Y < box.Bottom && mask[(int)p.X, (int)p.Y])
                    row[x] = Mask.Marked;
            }
        }

        return result;
    }

    /// <summary>The centres at most <paramref name="reach"/> from the border between marked and unmarked pixels.</summary>
    /// <remarks>
    /// A centre's distance to the border is that to the nearest pixel of the other kind, a square:
    /// √(max(|dx|-½, 0)² + max(|dy|-½, 0)²). What lies outside of the picture counts as unmarked.
    /// </remarks>
    private static Mask Border(Mask mask, double reach)
    {
        var result = Near(mask, reach, marked: true).Subtract(mask);
        return result.Union(Near(mask, reach, marked: false).Intersect(mask));
    }

    /// <summary>The pixels whose centres are at most <paramref name="reach"/> from a pixel of the given kind.</summary>
    private static Mask Near(Mask mask, double reach, bool marked)
    {
        var result = new Mask(mask.Width, mask.Height);
        var rows = RowsToNearest(mask, marked);
        var starts = new int[mask.Width + 1];
        for (var y = 0; y < mask.Height; y++)
        {
            Array.Clear(starts);
            for (var x = 0; x < mask.Width; x++)
                Spread(starts, x, rows[(y * mask.Width) + x], reach);
            if (!marked)
            {
                Spread(starts, -1, 0, reach);
                Spread(starts, mask.Width, 0, reach);
            }

            var row = result.Row(y);
            for (int x = 0, depth = 0; x < row.Length; x++)
            {
                depth += starts[x];
                row[x] = depth > 0 ? Mask.Marked : (byte)0;
            }
        }

        return result;
    }

    /// <summary>How many rows lie between each pixel and the nearest of the given kind in its column.</summary>
    private static ushort[] RowsToNearest(Mask mask, bool marked)
    {
        var outside = marked ? ushort.MaxValue : 0;
        var rows = new ushort[mask.Width * mask.Height];
        for (var x = 0; x < mask.Width; x++)
        {
            var steps = outside;
            for (var y = 0; y < mask.Height; y++)
            {
                steps = mask[x, y] == marked ? 0 : Math.Min(ushort.MaxValue, steps + 1);
                rows[(y * mask.Width) + x] = (ushort)steps;
            }

            steps = outside;
            for (var i = rows.Length - mask.Width + x; i >= 0; i -= mask.Width)
            {
                steps = rows[i] == 0 ? 0 : Math.Min(ushort.MaxValue, steps + 1);
                rows[i] = (ushort)Math.Min(rows[i], steps);
            }
        }

        return rows;
    }

    /// <summary>Counts the interval of a row that one pixel reaches: +1 where it starts, -1 behind its end.</summary>
    private static void Spread(int[] starts, int x, int rows, double reach)
    {
        var dy = Math.Max(rows - 0.5, 0);
        if (rows == ushort.MaxValue || dy > reach)
            return;
        var width = starts.Length - 1;
        var columns = (int)Math.Min(width, Math.Floor(Math.Sqrt((reach * reach) - (dy * dy)) + 0.5));
        var first = Math.Max(0, x - columns);
        var end = Math.Min(width, x + columns + 1);
        if (end <= first)
            return;
        starts[first]++;
        starts[end]--;
    }
}
