using static TorchSharp.torch;

namespace FlexEdit.Models.Schedulers;

/// <summary>Weighted sums of clean samples and noise, every row of a batch with weights of its own.</summary>
internal static class NoisyRows
{
    /// <summary>level.Signal·clean + level.Noise·noise, row by row.</summary>
    /// <exception cref="ArgumentException">Shapes differ, or there is not one level per row.</exception>
    public static Tensor Mix(Tensor clean, Tensor noise, IReadOnlyList<NoiseLevel> levels)
    {
        if (!clean.shape.SequenceEqual(noise.shape))
            throw new ArgumentException($"Noise of shape [{string.Join(", ", noise.shape)}] does not fit samples of shape [{string.Join(", ", clean.shape)}].", nameof(noise));
        if (clean.dim() == 0 || clean.shape[0] != levels.Count)
            throw new ArgumentException($"{levels.Count} time steps were given for samples of shape [{string.Join(", ", clean.shape)}].", nameof(levels));
        using var scope = NewDisposeScope();
        var signal = PerRow(levels.Select(l => l.Signal), clean);
        var amount = PerRow(levels.Select(l => l.Noise), clean);
        return ((clean * signal) + (noise * amount)).MoveToOuterDisposeScope();
    }

    private static Tensor PerRow(IEnumerable<double> values, Tensor like)
    {
        var shape = new long[like.dim()];
        Array.Fill(shape, 1);
        shape[0] = -1;
        return tensor(values.ToArray(), dtype: like.dtype, device: like.device).view(shape);
    }
}
