namespace FlexEdit.Masks.Shapes;

/// <summary>
/// Draws marks into a mask by the rules of the API's <c>mask_shapes</c>: in order, by pixel centres, outline included,
/// without anti-aliasing.
/// </summary>
public static class MarkRasteriser
{
    /// <summary>The mask that a list of marks makes in a picture.</summary>
    /// <param name="marks">Applied in order to an empty mask.</param>
    /// <param name="width">The upright picture's width, pixels.</param>
    /// <param name="height">The upright picture's height, pixels.</param>
    /// <param name="field">The list's name in error messages.</param>
    /// <exception cref="MarkException">A run-length coded mark belongs to another size or is damaged.</exception>
    public static Mask Draw(IReadOnlyList<MarkShape> marks, int width, int height, string field = "mask_shapes")
    {
        var mask = new Mask(width, height);
        for (var i = 0; i < marks.Count; i++)
        {
            if (marks[i] is RleMark rle)
                mask = ApplyRle(rle, mask, $"{field}[{i}]");
            else
                Apply(Rows(marks[i], width), marks[i].Operation, mask);
        }

        return mask;
    }

    private static RowShape Rows(MarkShape mark, int width)
    {
        switch (mark)
        {
            case CircleMark circle:
                return Stroke([new(circle.CentreX, circle.CentreY, circle.Radius)], circle.Hollow, width);
            case RectangleMark { X: var x, Y: var y } r:
                return Polygon([new(x, y), new(x + r.Width, y), new(x + r.Width, y + r.Height), new(x, y + r.Height)], r);
            case PolygonMark polygon:
                return Polygon([.. polygon.Points.Select(p => p with { Radius = null })], polygon);
            case StrokeMark stroke:
                MarkPoint[] points = [.. stroke.Points.Select(p => p with { Radius = p.Radius ?? stroke.Radius })];
                return Stroke(Turn.Points(points, stroke.Rotation), stroke.Hollow, width);
            default:
                throw new ArgumentException($"{mark.GetType().Name} is no mark of this list.", nameof(mark));
        }
    }

    private static RowShape Stroke(MarkPoint[] points, double? hollow, int width) =>
        hollow is { } line ? new RingRows(points, line, width) : new StrokeRows(points, grow: 0);

    private static RowShape Polygon(MarkPoint[] corners, MarkShape mark)
    {
        var points = Turn.Points(corners, mark.Rotation);
        return mark.Hollow is { } line ? new StrokeRows(points, line / 2, closed: true) : new PolygonRows(points);
    }

    private static void Apply(RowShape shape, MarkOperation operation, Mask mask)
    {
        var (first, last) = RowFill.Centres(shape.Extent.Top, shape.Extent.Bottom, mask.Height);
        var row = new byte[mask.Width];
        for (var y = first; y <= last; y++)
        {
            Array.Clear(row);
            shape.Paint(row, y + 0.5);
            var target = mask.Row(y);
            if (operation == MarkOperation.Add)
            {
                for (var x = 0; x < row.Length; x++)
                    target[x] |= row[x];
            }
            else
            {
                for (var x = 0; x < row.Length; x++)
                    target[x] &= (byte)~row[x];
            }
        }
    }

    private static Mask ApplyRle(RleMark mark, Mask mask, string field)
    {
        if (mark.Width != mask.Width || mark.Height != mask.Height)
        {
            throw new MarkException(
                $"{field}.size", $"must be [{mask.Height}, {mask.Width}], the scene's height and width");
        }

        try
        {
            var drawn = RleFill.Draw(mark);
            return mark.Operation == MarkOperation.Add ? mask.Union(drawn) : mask.Subtract(drawn);
        }
        catch (FormatException problem)
        {
            throw new MarkException($"{field}.counts", $"cannot be read: {problem.Message}");
        }
    }
}
