namespace FlexEdit.Masks.Shapes;

/// <summary>How much a list of marks may hold, so that drawing it stays a matter of milliseconds.</summary>
public sealed record MarkLimits
{
    /// <summary>The usual limits.</summary>
    public static MarkLimits Default { get; } = new();

    /// <summary>Marks in the list.</summary>
    public int Marks { get; init; } = 500;

    /// <summary>Points of all marks together.</summary>
    public int Points { get; init; } = 10_000;

    /// <summary>Largest absolute value of a coordinate or length, pixels.</summary>
    public double Coordinate { get; init; } = 100_000;
}
