namespace FlexEdit.Models.Editing;

/// <summary>
/// Where a collage puts the subject: the subject's square of side R is scaled by <paramref name="Scale"/> so that its point
/// (<paramref name="FromX"/>, <paramref name="FromY"/>) falls on (<paramref name="CentreX"/>, <paramref name="CentreY"/>) of the crop.
/// Coordinates are continuous: pixel i covers i to i + 1.
/// </summary>
/// <param name="CentreX">Middle of the mask's box.</param>
/// <param name="CentreY">Likewise.</param>
/// <param name="FromX">Middle of what the subject's picture shows.</param>
/// <param name="FromY">Likewise.</param>
/// <param name="Width">Columns of what it shows, pixels of the subject's square.</param>
/// <param name="Height">Rows of it.</param>
/// <param name="Scale">Pixels of the crop a pixel of the subject's square.</param>
public readonly record struct CollagePlacement(float CentreX, float CentreY, float FromX, float FromY, float Width, float Height, float Scale)
{
    /// <summary>Longer side of the pasted object divided by the longer side of the mask's box.</summary>
    public const float ObjectShare = 0.95f;

    /// <summary>Share of an opaque subject picture that its object is taken to fill.</summary>
    public const float OpaqueContent = 0.9f;

    // A tenth of full opacity: soft shadows are no part of the object's box.
    private const byte Visible = 26;

    /// <summary>The placement of a subject with this opacity (empty: all of it shows) at a mask with this box.</summary>
    public static CollagePlacement Of(ReadOnlySpan<byte> alpha, MarkBox box, int side)
    {
        var content = alpha.IsEmpty ? new MarkBox(0, 0, side, side) : MarkBox.Of(alpha, side, Visible);
        var contentSide = alpha.IsEmpty ? side * OpaqueContent : content.LongerSide;
        return new CollagePlacement(
            box.X + (box.Width / 2f), box.Y + (box.Height / 2f), content.X + (content.Width / 2f), content.Y + (content.Height / 2f),
            content.Width, content.Height, ObjectShare * box.LongerSide / contentSide);
    }

    /// <summary>The point of the subject's square that is shown at a point of the crop.</summary>
    public (float X, float Y) InSubject(float x, float y) => (FromX + ((x - CentreX) / Scale), FromY + ((y - CentreY) / Scale));

    /// <summary>First and last columns and rows of a crop of side <paramref name="side"/> that the subject can touch.</summary>
    internal (int Left, int Top, int Right, int Bottom) Covered(int side) => (
        Math.Max(0, (int)MathF.Floor(CentreX - (Width * Scale / 2))),
        Math.Max(0, (int)MathF.Floor(CentreY - (Height * Scale / 2))),
        Math.Min(side - 1, (int)MathF.Ceiling(CentreX + (Width * Scale / 2))),
        Math.Min(side - 1, (int)MathF.Ceiling(CentreY + (Height * Scale / 2))));
}
