namespace FlexEdit.Masks.Shapes;

/// <summary>What a disc passes over along a polyline.</summary>
internal sealed class StrokeRows : RowShape
{
    private readonly StrokeSegment[] _segments;

    /// <summary>A stroke whose radii are each changed by <paramref name="grow"/>.</summary>
    /// <param name="points">At least one, with a radius each (none is 0).</param>
    /// <param name="grow">Added to the radii, may be negative.</param>
    /// <param name="closed">Joins the last point to the first.</param>
    /// <param name="strict">Leaves out the centres exactly on the outline.</param>
    public StrokeRows(MarkPoint[] points, double grow, bool closed = false, bool strict = false)
    {
        _segments = new StrokeSegment[closed ? points.Length : Math.Max(1, points.Length - 1)];
        for (var i = 0; i < _segments.Length; i++)
            _segments[i] = new StrokeSegment(points[i], points[(i + 1) % points.Length], grow, strict);
        Extent = (_segments.Min(s => s.Top), _segments.Max(s => s.Bottom));
    }

    public override (double Top, double Bottom) Extent { get; }

    public override void Paint(Span<byte> row, double y)
    {
        foreach (ref readonly var segment in _segments.AsSpan())
        {
            if (y < segment.Top || y > segment.Bottom)
                continue;
            var (first, last) = segment.Pixels(y, row.Length);
            if (last < first)
                continue;
            row[first..(last + 1)].Fill(Mask.Marked);
            if (last - first + 1 == row.Length)
                return;
        }
    }
}
