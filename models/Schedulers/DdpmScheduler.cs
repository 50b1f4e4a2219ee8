using static TorchSharp.torch;

namespace FlexEdit.Models.Schedulers;

/// <summary>Denoising Diffusion Probabilistic Models (Ho et al. 2020), algorithm 2 over a subset of the time steps.</summary>
public sealed class DdpmScheduler : TimestepScheduler
{
    private readonly bool _largeVariance;

    /// <inheritdoc cref="SchedulerCatalog.Create"/>
    public DdpmScheduler(SchedulerConfig config)
        : base(config)
    {
        _largeVariance = config.VarianceType switch
        {
            null or "fixed_small" or "fixed_small_log" => false,
            "fixed_large" => true,
            _ => throw new NotSupportedException($"variance_type \"{config.VarianceType}\" is not implemented; fixed_small, fixed_small_log and fixed_large are."),
        };
    }

    /// <inheritdoc/>
    public override bool DrawsNoise(SamplerState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Timestep > 0;
    }

    private protected override SamplerPlan Lay(int steps) => new(TimestepGrid.Whole(Config, steps), [], 1);

    private protected override Tensor Next(SamplerState state, Tensor output, Tensor sample, Tensor? noise)
    {
        var next = state.StepIndex + 1;
        var now = LevelOf(state);
        var previous = LevelOrFinal(next < state.Plan.Steps ? (int)state.Plan.Timesteps[next] : -1, finalIsClean: true);
        var variance = now.Noise * now.Noise;
        var previousVariance = previous.Noise * previous.Noise;
        var alpha = now.Signal * now.Signal / (previous.Signal * previous.Signal);
        var beta = 1 - alpha;

        // Equation 7: the mean of q(x_prev | x, x0).
        var mean = (Clean(state, output, sample) * (previous.Signal * beta / variance)) + (sample * (Math.Sqrt(alpha) * previousVariance / variance));
        if (noise is null || state.Timestep <= 0)
            return mean;
        // Section 3.2: either the posterior's own variance or β, the bounds for a one-point and a unit-variance x0.
        var drawn = _largeVariance ? beta : Math.Max(previousVariance / variance * beta, 1e-20);
        return mean + (noise * Math.Sqrt(drawn));
    }
}
