using static TorchSharp.torch;

namespace FlexEdit.Models.Autoencoders;

/// <summary>
/// The diagonal Gaussian q(z|x) that a variational encoder gives for each picture (Kingma and Welling 2014, section 3), unscaled.
/// </summary>
/// <param name="Mean">[B, C, h, w]; also the mode.</param>
/// <param name="LogVariance">[B, C, h, w], in [-30, 20].</param>
public sealed record LatentPosterior(Tensor Mean, Tensor LogVariance)
{
    /// <summary>z = μ + σ·ε (equation 10 there).</summary>
    /// <param name="noise">ε, [B, C, h, w] of unit variance.</param>
    public Tensor Sample(Tensor noise)
    {
        using var scope = NewDisposeScope();
        return (Mean + ((LogVariance * 0.5).exp() * noise)).MoveToOuterDisposeScope();
    }
}
