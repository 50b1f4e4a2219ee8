namespace FlexEdit.Masks.Shapes;

/// <summary>
/// One straight part of a stroke, from a with radius ra to b with radius rb. A pixel centre p is covered when, for some
/// t in 0…1, |p - a - t(b - a)| &lt;= ra + t(rb - ra).
/// </summary>
internal readonly struct StrokeSegment
{
    private readonly double _ax, _ay, _ra, _dx, _dy, _dr, _lengthSquared, _tilt;
    private readonly bool _strict;

    public StrokeSegment(MarkPoint a, MarkPoint b, double grow, bool strict)
    {
        (_ax, _ay, _ra) = (a.X, a.Y, (a.Radius ?? 0) + grow);
        (_dx, _dy, _dr) = (b.X - a.X, b.Y - a.Y, (b.Radius ?? 0) - (a.Radius ?? 0));
        _lengthSquared = (_dx * _dx) + (_dy * _dy);
        var slack = _lengthSquared - (_dr * _dr);
        // Where one disc holds the other, no line touches both.
        _tilt = slack > 0 ? _dr / Math.Sqrt(slack) : double.NaN;
        _strict = strict;

        var (ra, rb) = (Math.Max(_ra, 0), Math.Max(_ra + _dr, 0));
        var nowhere = _ra < 0 && _ra + _dr < 0;
        Top = nowhere ? double.MaxValue : Math.Min(_ay - ra, _ay + _dy - rb);
        Bottom = nowhere ? double.MinValue : Math.Max(_ay + ra, _ay + _dy + rb);
    }

    /// <summary>The least y that may be covered; <see cref="double.MaxValue"/> when none is.</summary>
    public double Top { get; }

    /// <summary>The greatest y that may be covered.</summary>
    public double Bottom { get; }

    /// <summary>
    /// The covered pixels of a row: one interval, since the shape is convex. It is estimated from the outline, and its
    /// ends are then settled by the rule itself.
    /// </summary>
    /// <returns>First and last column; last &lt; first when there are none.</returns>
    public (int First, int Last) Pixels(double y, int width)
    {
        double low = double.MaxValue, high = double.MinValue;
        Disc(_ax, _ay, _ra, y, ref low, ref high);
        Disc(_ax + _dx, _ay + _dy, _ra + _dr, y, ref low, ref high);
        if (!double.IsNaN(_tilt))
        {
            Tangent(1, y, ref low, ref high);
            Tangent(-1, y, ref low, ref high);
        }

        if (low > high)
            return (0, -1);
        var (first, last) = RowFill.Centres(low - 1, high + 1, width);
        while (first <= last && !Covers(first + 0.5, y))
            first++;
        while (last >= first && !Covers(last + 0.5, y))
            last--;
        return (first, last);
    }

    private static void Disc(double x, double y, double radius, double row, ref double low, ref double high)
    {
        var half = (radius * radius) - ((row - y) * (row - y));
        if (radius < 0 || half < 0)
            return;
        half = Math.Sqrt(half);
        low = Math.Min(low, x - half);
        high = Math.Max(high, x + half);
    }

    /// <summary>Where one of the two lines that touch both discs meets the row.</summary>
    private void Tangent(int side, double y, ref double low, ref double high)
    {
        // The line's unit normal n has n·d = -dr, so that it is as far from b as b's radius.
        var length = Math.Sqrt(_lengthSquared);
        var along = -_dr / length;
        var across = side * Math.Sqrt(Math.Max(0, 1 - (along * along)));
        var nx = ((along * _dx) - (across * _dy)) / length;
        var ny = ((along * _dy) + (across * _dx)) / length;
        var (ra, rb) = (Math.Max(_ra, 0), Math.Max(_ra + _dr, 0));
        var (sx, sy) = (_ax + (ra * nx), _ay + (ra * ny));
        var (ex, ey) = (_ax + _dx + (rb * nx), _ay + _dy + (rb * ny));
        if (y < Math.Min(sy, ey) || y > Math.Max(sy, ey))
            return;
        var level = sy == ey;
        var x = level ? sx : sx + ((y - sy) * (ex - sx) / (ey - sy));
        low = Math.Min(low, level ? Math.Min(sx, ex) : x);
        high = Math.Max(high, level ? Math.Max(sx, ex) : x);
    }

    /// <summary>The rule, at the t where |p - a - t·d| - ra - t·dr is least.</summary>
    private bool Covers(double x, double y)
    {
        var (px, py) = (x - _ax, y - _ay);
        double t = _dr > 0 ? 1 : 0;
        if (!double.IsNaN(_tilt))
        {
            var along = ((px * _dx) + (py * _dy)) / _lengthSquared;
            var across = Math.Abs((px * _dy) - (py * _dx)) / _lengthSquared;
            t = Math.Clamp(along + (across * _tilt), 0, 1);
        }

        var (qx, qy) = (px - (t * _dx), py - (t * _dy));
        var radius = _ra + (t * _dr);
        var distance = (qx * qx) + (qy * qy);
        return radius >= 0 && (_strict ? distance < radius * radius : distance <= radius * radius);
    }
}
