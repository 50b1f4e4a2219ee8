namespace FlexEdit.Models.Autoencoders;

/// <summary>How large pictures are cut into overlapping squares, so that memory grows with the square and not with the picture.</summary>
public sealed record AutoencoderTiling
{
    /// <summary>Side of a square in pixels. The network's sample size is what it was trained on.</summary>
    public required int TileSide { get; init; }

    /// <summary>Share of a square that overlaps the next one and is blended with it.</summary>
    public double Overlap { get; init; } = 0.25;

    /// <summary>Checks that both fit a network.</summary>
    /// <param name="factor">Pixels per side that one latent covers.</param>
    /// <exception cref="ArgumentException">The squares would not begin on whole latents, or do not overlap properly.</exception>
    public void Validate(int factor)
    {
        if (!(Overlap > 0) || Overlap > 0.5)
            throw new ArgumentException($"The overlap is {Overlap}; it must be above 0 and at most 0.5.");
        if (TileSide < factor || TileSide % factor != 0 || TileBlending.Stride(TileSide, Overlap) % factor != 0 || TileBlending.Stride(TileSide, Overlap) == 0
            || TileBlending.Stride(TileSide / factor, Overlap) * factor != TileBlending.Stride(TileSide, Overlap))
            throw new ArgumentException($"Squares of {TileSide} pixels that overlap by {Overlap} do not begin on multiples of {factor} pixels.");
    }
}
