namespace FlexEdit.Masks.FreeShapes;

/// <summary>
/// How people draw one of the eight closed shapes around a thing. Nobody has published measurements of that gesture; size and offset are fitted so
/// that the overlap of the drawn shape's box with the thing's box has the quantiles that were measured for scribbles (MedScribble: 5 % below 0.32, a
/// quarter below 0.48, half below 0.65, three quarters below 0.76, 95 % below 0.90). Orientation and line width are assumptions.
/// </summary>
public sealed record DrawingHabit
{
    /// <summary>Median of the shape's size divided by the thing's; both axes together are log-normal.</summary>
    public double Scale { get; init; } = 0.95;

    /// <summary>Deviation of the logarithm of the size: under-coverage as often as over-coverage.</summary>
    public double ScaleSpread { get; init; } = 0.28;

    /// <summary>Deviation of the logarithm of each axis beside that.</summary>
    public double AspectSpread { get; init; } = 0.08;

    /// <summary>Deviation of the centre along each axis, in lengths of the thing's box along it.</summary>
    public double Offset { get; init; } = 0.06;

    /// <summary>Share of rectangles and irregular shapes that are upright.</summary>
    public double Upright { get; init; } = 0.6;

    /// <summary>Deviation of the turn of all others, degrees; a triangle's own beside the quarter that it points to.</summary>
    public double Turn { get; init; } = 12;

    /// <summary>Of triangles, how many point up, right, down and left.</summary>
    public IReadOnlyList<double> Pointing { get; init; } = [0.6, 0.12, 0.16, 0.12];

    /// <summary>Median line width of hollow shapes, as a part of the shape's longer side (at least 2 pixels are drawn); log-normal.</summary>
    public double Line { get; init; } = 0.06;

    /// <summary>Deviation of the logarithm of the line width.</summary>
    public double LineSpread { get; init; } = 0.3;
}
