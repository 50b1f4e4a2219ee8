namespace FlexEdit.Masks.Shapes;

/// <summary>What a mark does with the pixels it covers.</summary>
public enum MarkOperation
{
    /// <summary>Marks them.</summary>
    Add,

    /// <summary>Unmarks them.</summary>
    Subtract,
}

/// <summary>
/// One mark of the API's <c>mask_shapes</c>. A pixel is covered when its centre (x + ½, y + ½) lies inside or on the
/// outline; there is no anti-aliasing, so that every client can draw exactly what the server uses.
/// </summary>
public abstract record MarkShape
{
    /// <summary>Add (the default) or subtract.</summary>
    public MarkOperation Operation { get; init; }

    /// <summary>Degrees, clockwise as seen, about the centre of the mark's bounding box.</summary>
    public double Rotation { get; init; }

    /// <summary>
    /// Line width in pixels of a hollow mark: covered are the pixel centres at most half of it from the outline.
    /// Null fills the mark.
    /// </summary>
    public double? Hollow { get; init; }
}

/// <summary>A disc, or a ring when hollow.</summary>
/// <param name="CentreX">Centre, pixels.</param>
/// <param name="CentreY">Centre, pixels.</param>
/// <param name="Radius">Positive, pixels.</param>
public sealed record CircleMark(double CentreX, double CentreY, double Radius) : MarkShape;

/// <summary>A rectangle with upright sides before its rotation.</summary>
/// <param name="X">Left edge, pixels.</param>
/// <param name="Y">Upper edge, pixels.</param>
/// <param name="Width">Positive, pixels.</param>
/// <param name="Height">Positive, pixels.</param>
public sealed record RectangleMark(double X, double Y, double Width, double Height) : MarkShape;

/// <summary>
/// A closed polygon of at least three points (a triangle has just three). Where it crosses itself, what it winds
/// around is inside (non-zero rule), so that a lasso with a loop has no hole.
/// </summary>
/// <param name="Points">The corners in order; the last is joined to the first.</param>
public sealed record PolygonMark(IReadOnlyList<MarkPoint> Points) : MarkShape;

/// <summary>
/// A brush stroke: everything a disc passes over that moves along the points in straight lines while its radius
/// changes linearly. One point is a dab. The outline of a hollow stroke is where the distance to the nearest place
/// of the disc's way, less the disc's radius there, is 0.
/// </summary>
/// <param name="Points">At least one.</param>
/// <param name="Radius">The radius at points without one of their own, pixels.</param>
public sealed record StrokeMark(IReadOnlyList<MarkPoint> Points, double Radius) : MarkShape;

/// <summary>
/// A mask of the whole picture in COCO's run-length code. A rotated one covers the pixels whose centres, turned
/// back, fall into marked pixels; the outline of a hollow one is the border between its marked and unmarked pixels.
/// </summary>
/// <param name="Width">The picture's width.</param>
/// <param name="Height">The picture's height.</param>
/// <param name="Runs">Lengths down the columns, beginning with unmarked pixels.</param>
public sealed record RleMark(int Width, int Height, IReadOnlyList<int> Runs) : MarkShape;
