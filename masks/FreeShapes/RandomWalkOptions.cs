namespace FlexEdit.Masks.FreeShapes;

/// <summary>
/// How the random walk W scribbles. The defaults give what was measured on 168 scribbles of people with the true object beside them (MedScribble,
/// Wong et al. 2024): about a fifth of the object is covered, nearly everything lies inside, in one to a few pieces.
/// </summary>
public sealed record RandomWalkOptions
{
    /// <summary>Median of the object's share that is aimed at, 0…1; the share is log-normal.</summary>
    public double Coverage { get; init; } = 0.2;

    /// <summary>Deviation of the logarithm of the share.</summary>
    public double CoverageSpread { get; init; } = 0.5;

    /// <summary>Greatest share aimed at.</summary>
    public double MaxCoverage { get; init; } = 0.7;

    /// <summary>
    /// Least radius of the brush, as a part of the root of the object's area, at the median coverage; it grows with the root of the coverage (at
    /// least one pixel is drawn).
    /// </summary>
    public double MinBrush { get; init; } = 0.025;

    /// <summary>Greatest radius of the brush, likewise.</summary>
    public double MaxBrush { get; init; } = 0.065;

    /// <summary>Deviation of the change of direction from step to step, radians; a step is as long as the brush's radius.</summary>
    public double Wander { get; init; } = 0.15;

    /// <summary>Chance that a step over the object's border is taken all the same.</summary>
    public double Stray { get; init; } = 0.03;

    /// <summary>Chance that the pen is lifted in the middle and set down elsewhere, taken again after every piece.</summary>
    public double Lift { get; init; } = 0.5;
}
