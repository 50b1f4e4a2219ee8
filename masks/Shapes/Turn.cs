namespace FlexEdit.Masks.Shapes;

/// <summary>A rotation about a point: clockwise as seen, since y points down.</summary>
internal readonly struct Turn
{
    private readonly double _centreX;
    private readonly double _centreY;
    private readonly double _cos;
    private readonly double _sin;

    public Turn(double degrees, double centreX, double centreY)
    {
        (_centreX, _centreY) = (centreX, centreY);
        var angle = degrees % 360;
        if (angle < 0)
            angle += 360;
        // Quarter turns must be exact: corners land on pixel edges, where a last bit decides.
        (_cos, _sin) = angle switch
        {
            0 => (1.0, 0.0),
            90 => (0.0, 1.0),
            180 => (-1.0, 0.0),
            270 => (0.0, -1.0),
            _ => (Math.Cos(angle * Math.PI / 180), Math.Sin(angle * Math.PI / 180)),
        };
    }

    public MarkPoint Apply(MarkPoint p)
    {
        var (dx, dy) = (p.X - _centreX, p.Y - _centreY);
        return p with { X = _centreX + (dx * _cos) - (dy * _sin), Y = _centreY + (dx * _sin) + (dy * _cos) };
    }

    /// <summary>The points turned about the centre of the box around discs of their radii (0 where they have none).</summary>
    public static MarkPoint[] Points(IReadOnlyList<MarkPoint> points, double degrees)
    {
        if (degrees == 0)
            return [.. points];
        double left = double.MaxValue, top = double.MaxValue, right = double.MinValue, bottom = double.MinValue;
        foreach (var p in points)
        {
            var radius = p.Radius ?? 0;
            left = Math.Min(left, p.X - radius);
            right = Math.Max(right, p.X + radius);
            top = Math.Min(top, p.Y - radius);
            bottom = Math.Max(bottom, p.Y + radius);
        }

        var turn = new Turn(degrees, (left + right) / 2, (top + bottom) / 2);
        return [.. points.Select(turn.Apply)];
    }
}
