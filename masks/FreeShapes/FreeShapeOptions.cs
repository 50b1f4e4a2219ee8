namespace FlexEdit.Masks.FreeShapes;

/// <summary>How far a drawn mark strays from what it means.</summary>
public sealed record FreeShapeOptions
{
    /// <summary>Least size of the mark divided by that of the object's box (under-coverage below 1).</summary>
    public double MinScale { get; init; } = 0.75;

    /// <summary>Greatest size of the mark divided by that of the object's box.</summary>
    public double MaxScale { get; init; } = 1.2;

    /// <summary>Greatest offset of the centres along each axis, as a part of the box's longer side.</summary>
    public double MaxOffset { get; init; } = 0.08;

    /// <summary>Least line width of hollow marks, as a part of the box's longer side (at least 2 pixels are drawn).</summary>
    public double MinLine { get; init; } = 0.05;

    /// <summary>Greatest line width of hollow marks, as a part of the box's longer side.</summary>
    public double MaxLine { get; init; } = 0.1;

    /// <summary>Greatest turn of rectangles, degrees to either side. Triangles point anywhere.</summary>
    public double MaxTurn { get; init; } = 30;
}
