namespace FlexEdit.Masks.Rle;

/// <summary>
/// Fills a polygon as COCO's tools do, whose rule differs from pixel centres: the outline is walked on a grid five times as fine, and each
/// column is filled between the points where the walk enters and leaves it.
/// </summary>
public static class CocoPolygon
{
    private const double Fineness = 5;

    /// <summary>The mask of one polygon.</summary>
    /// <param name="coordinates">x and y of each corner, in turn; the last corner joins the first.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <exception cref="ArgumentException">Fewer than three corners, an odd number of values, or one that is not finite or lies too far outside.</exception>
    public static Mask Fill(IReadOnlyList<double> coordinates, int width, int height)
    {
        if (coordinates.Count < 6 || coordinates.Count % 2 != 0)
            throw new ArgumentException($"A polygon has at least three corners of two values, not {coordinates.Count} values.", nameof(coordinates));
        const double farthest = 1e6;
        if (coordinates.Any(value => !(Math.Abs(value) <= farthest)))
            throw new ArgumentException($"A corner lies more than {farthest:0} pixels away.", nameof(coordinates));
        var runs = Runs(Crossings(Walk(coordinates), width, height), width * height);
        return CocoRle.Decode(runs, width, height);
    }

    /// <summary>Every point of the outline on the fine grid, edge after edge.</summary>
    private static List<(int X, int Y)> Walk(IReadOnlyList<double> coordinates)
    {
        var corners = coordinates.Chunk(2).Select(c => (X: (int)((Fineness * c[0]) + 0.5), Y: (int)((Fineness * c[1]) + 0.5))).ToArray();
        var points = new List<(int X, int Y)>();
        for (var i = 0; i < corners.Length; i++)
        {
            var (from, to) = (corners[i], corners[(i + 1) % corners.Length]);
            var (dx, dy) = (Math.Abs(to.X - from.X), Math.Abs(to.Y - from.Y));
            var flat = dx >= dy;
            // Lines are drawn in the direction of the longer axis, so that both directions meet the same points.
            var turned = flat ? from.X > to.X : from.Y > to.Y;
            if (turned)
                (from, to) = (to, from);
            var length = Math.Max(dx, dy);
            var slope = length == 0 ? 0 : (double)(flat ? to.Y - from.Y : to.X - from.X) / length;
            for (var step = 0; step <= length; step++)
            {
                var t = turned ? length - step : step;
                points.Add(flat
                    ? (from.X + t, (int)(from.Y + (slope * t) + 0.5))
                    : ((int)(from.X + (slope * t) + 0.5), from.Y + t));
            }
        }
        return points;
    }

    /// <summary>Where the walk passes the middle of a column, as positions down the columns, in order.</summary>
    private static List<int> Crossings(List<(int X, int Y)> points, int width, int height)
    {
        var crossings = new List<int>();
        for (var i = 1; i < points.Count; i++)
        {
            if (points[i].X == points[i - 1].X)
                continue;
            var x = ((points[i].X < points[i - 1].X ? points[i].X : points[i].X - 1) + 0.5) / Fineness - 0.5;
            if (Math.Floor(x) != x || x < 0 || x > width - 1)
                continue;
            var y = (Math.Min(points[i].Y, points[i - 1].Y) + 0.5) / Fineness - 0.5;
            crossings.Add(((int)x * height) + (int)Math.Ceiling(Math.Clamp(y, 0, height)));
        }
        crossings.Sort();
        return crossings;
    }

    /// <summary>Runs between the crossings; two at one place take each other away.</summary>
    private static List<int> Runs(List<int> crossings, int end)
    {
        var runs = new List<int>();
        var (last, joins) = (0, false);
        foreach (var crossing in crossings.Append(end))
        {
            var length = crossing - last;
            last = crossing;
            if (joins)
                runs[^1] += length;
            else if (length > 0 || runs.Count == 0)
                runs.Add(length);
            else
            {
                joins = true;
                continue;
            }
            joins = false;
        }
        return runs;
    }
}
