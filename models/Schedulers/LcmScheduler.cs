using static TorchSharp.torch;

namespace FlexEdit.Models.Schedulers;

/// <summary>Latent Consistency Models (Luo et al. 2023): multistep latent consistency sampling.</summary>
public sealed class LcmScheduler : TimestepScheduler
{
    private const double DataDeviation = 0.5;

    /// <inheritdoc cref="SchedulerCatalog.Create"/>
    public LcmScheduler(SchedulerConfig config)
        : base(config)
    {
        if (config.OriginalInferenceSteps < 1 || config.OriginalInferenceSteps > config.NumTrainTimesteps)
            throw new ArgumentException($"original_inference_steps is {config.OriginalInferenceSteps}; it must be 1 to {config.NumTrainTimesteps}.", nameof(config));
    }

    /// <inheritdoc/>
    public override bool DrawsNoise(SamplerState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.StepIndex < state.Plan.Steps - 1;
    }

    private protected override int MaxSteps => Config.OriginalInferenceSteps;

    private protected override SamplerPlan Lay(int steps)
    {
        // The time steps of the distilled solver, falling, of which equally spaced ones are taken.
        var stride = Config.NumTrainTimesteps / Config.OriginalInferenceSteps;
        var count = Config.OriginalInferenceSteps;
        var timesteps = Enumerable.Range(0, steps)
            .Select(i => (int)Math.Floor((double)count / steps * i))
            .Select(index => ((count - index) * stride) - 1.0);
        return new SamplerPlan([.. timesteps], [], 1);
    }

    private protected override Tensor Next(SamplerState state, Tensor output, Tensor sample, Tensor? noise)
    {
        // The boundary condition of Song et al. 2023, "Consistency Models", equation 5.
        var time = state.Timestep * Config.TimestepScaling;
        var scale = (time * time) + (DataDeviation * DataDeviation);
        var consistent = (Clean(state, output, sample) * (time / Math.Sqrt(scale))) + (sample * (DataDeviation * DataDeviation / scale));
        var next = state.StepIndex + 1;
        if (noise is null || next >= state.Plan.Steps)
            return consistent;
        var previous = LevelOrFinal((int)state.Plan.Timesteps[next], Config.SetAlphaToOne);
        return (consistent * previous.Signal) + (noise * previous.Noise);
    }
}
