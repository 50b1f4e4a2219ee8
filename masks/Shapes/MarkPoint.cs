namespace FlexEdit.Masks.Shapes;

/// <summary>A point of a mark in pixels of the upright picture; (0, 0) is the upper left corner of its first pixel.</summary>
/// <param name="X">Rightwards.</param>
/// <param name="Y">Downwards.</param>
/// <param name="Radius">Half the width of a stroke here; null takes the stroke's own.</param>
public readonly record struct MarkPoint(double X, double Y, double? Radius = null);
