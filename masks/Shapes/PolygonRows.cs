namespace FlexEdit.Masks.Shapes;

/// <summary>A closed polygon filled by the non-zero rule, outline included.</summary>
internal sealed class PolygonRows : RowShape
{
    private readonly List<(double X, int Winding)> _crossings = [];
    private readonly MarkPoint[] _points;

    public PolygonRows(MarkPoint[] points)
    {
        _points = points;
        Extent = (points.Min(p => p.Y), points.Max(p => p.Y));
    }

    public override (double Top, double Bottom) Extent { get; }

    public override void Paint(Span<byte> row, double y)
    {
        _crossings.Clear();
        var a = _points[^1];
        foreach (var b in _points)
        {
            Cross(a, b, y, row);
            a = b;
        }

        _crossings.Sort(static (a, b) => a.X.CompareTo(b.X));
        var winding = 0;
        for (var i = 0; i + 1 < _crossings.Count; i++)
        {
            winding += _crossings[i].Winding;
            if (winding != 0)
                RowFill.Mark(row, _crossings[i].X, _crossings[i + 1].X);
        }
    }

    /// <summary>Notes where an edge crosses the row, and marks what of the outline itself lies on it.</summary>
    private void Cross(MarkPoint a, MarkPoint b, double y, Span<byte> row)
    {
        // An edge owns its upper end only, so that a row through a corner counts it once.
        if (a.Y <= y && b.Y > y)
            Add(a, b, y, 1, row);
        else if (b.Y <= y && a.Y > y)
            Add(b, a, y, -1, row);
        else if (a.Y == y && b.Y == y)
            RowFill.Mark(row, Math.Min(a.X, b.X), Math.Max(a.X, b.X));
        else if (b.Y == y)
            RowFill.Mark(row, b.X, b.X);
    }

    private void Add(MarkPoint upper, MarkPoint lower, double y, int winding, Span<byte> row)
    {
        var x = upper.X + ((y - upper.Y) * (lower.X - upper.X) / (lower.Y - upper.Y));
        _crossings.Add((x, winding));
        RowFill.Mark(row, x, x);
    }
}
