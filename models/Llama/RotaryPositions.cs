using static TorchSharp.torch;

namespace FlexEdit.Models.Llama;

/// <summary>
/// Rotary position embeddings (Su et al. 2021, eq. 34) in the published LLaMA layout: the first half of a head is rotated against the second.
/// Angles are computed in fp32 whatever the network's type is.
/// </summary>
/// <param name="Cos">[batch or 1, 1, length, head width].</param>
/// <param name="Sin">The same shape.</param>
internal sealed record RotaryPositions(Tensor Cos, Tensor Sin)
{
    /// <summary>Computes the rotations of the given positions, int64 [batch or 1, length].</summary>
    public static RotaryPositions At(Tensor positions, int headWidth, double theta, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var exponents = arange(0, headWidth, 2, ScalarType.Int64, positions.device).to(ScalarType.Float32) / headWidth;
        var frequencies = pow(theta, exponents).reciprocal();
        var half = positions.to(ScalarType.Float32).unsqueeze(-1) * frequencies;
        var angles = cat([half, half], -1).unsqueeze(1);
        return new RotaryPositions(angles.cos().to(dtype).MoveToOuterDisposeScope(), angles.sin().to(dtype).MoveToOuterDisposeScope());
    }

    /// <summary>Rotates queries or keys, [batch, heads, length, head width].</summary>
    public Tensor Rotate(Tensor x)
    {
        var halves = x.chunk(2, -1);
        return x * Cos + cat([-halves[1], halves[0]], -1) * Sin;
    }
}
