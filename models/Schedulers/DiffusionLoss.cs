using static TorchSharp.torch;

namespace FlexEdit.Models.Schedulers;

/// <summary>The loss of training a denoising network on a discrete noising process (L_diffusion, eq. 9 of the FlexEdit paper), in fp32.</summary>
public static class DiffusionLoss
{
    /// <summary>What the network should say about a noisy sample.</summary>
    /// <param name="schedule">The process.</param>
    /// <param name="prediction">What the network predicts.</param>
    /// <param name="clean">x0, [B, ...].</param>
    /// <param name="noise">ε, of the same shape.</param>
    /// <param name="timesteps">One per row.</param>
    /// <exception cref="ArgumentException">Flow matching has no discrete process.</exception>
    public static Tensor Target(NoiseSchedule schedule, PredictionType prediction, Tensor clean, Tensor noise, IReadOnlyList<int> timesteps) => prediction switch
    {
        PredictionType.Epsilon => noise.alias(),
        PredictionType.Sample => clean.alias(),
        PredictionType.VPrediction => schedule.Velocity(clean, noise, timesteps),
        _ => throw NoProcess(prediction),
    };

    /// <summary>
    /// The min-SNR weight of each row, min(SNR, γ) over the SNR of predicting ε, over SNR + 1 of predicting v, or over 1 of predicting x0
    /// (Hang et al. 2023, section 3.4): easy steps no longer outweigh the rest.
    /// </summary>
    /// <returns>[B].</returns>
    /// <exception cref="ArgumentException">Flow matching has no discrete process.</exception>
    public static Tensor MinSnrWeights(NoiseSchedule schedule, PredictionType prediction, IReadOnlyList<int> timesteps, double gamma = 5) =>
        tensor(timesteps.Select(timestep =>
        {
            var ratio = schedule.SignalToNoise(timestep);
            var capped = Math.Min(ratio, gamma);
            return (float)(prediction switch
            {
                // At a zero ratio the quotient's limit is one.
                PredictionType.Epsilon => ratio == 0 ? 1 : capped / ratio,
                PredictionType.Sample => capped,
                PredictionType.VPrediction => capped / (ratio + 1),
                _ => throw NoProcess(prediction),
            });
        }).ToArray());

    /// <summary>Mean squared error, each row weighted.</summary>
    /// <param name="predicted">[B, ...].</param>
    /// <param name="target">The same shape.</param>
    /// <param name="weights">[B]; null for one everywhere.</param>
    /// <returns>A scalar.</returns>
    public static Tensor Of(Tensor predicted, Tensor target, Tensor? weights = null)
    {
        using var scope = NewDisposeScope();
        var rows = (predicted.to(ScalarType.Float32) - target.to(ScalarType.Float32)).square().flatten(1).mean([1]);
        return (weights is null ? rows : rows * weights.to(rows.device)).mean().MoveToOuterDisposeScope();
    }

    private static ArgumentException NoProcess(PredictionType prediction) =>
        new($"{prediction} belongs to no discrete noising process.", nameof(prediction));
}
