using static TorchSharp.torch;

namespace FlexEdit.Models.Schedulers;

/// <summary>Denoising Diffusion Implicit Models (Song et al. 2021), deterministic: equation 12 with σ = 0.</summary>
public sealed class DdimScheduler : TimestepScheduler
{
    /// <inheritdoc cref="SchedulerCatalog.Create"/>
    public DdimScheduler(SchedulerConfig config)
        : base(config)
    {
    }

    private protected override SamplerPlan Lay(int steps) => new(TimestepGrid.Whole(Config, steps), [], 1);

    private protected override Tensor Next(SamplerState state, Tensor output, Tensor sample, Tensor? noise)
    {
        // One whole stride back, not the next entry of the list: the two differ with trailing and linspace spacing.
        var previous = LevelOrFinal((int)state.Timestep - (Config.NumTrainTimesteps / state.Plan.Steps), Config.SetAlphaToOne);
        var clean = Clean(state, output, sample);
        var direction = Prediction.Noise(Config.PredictionType, output, sample, LevelOf(state));
        return (clean * previous.Signal) + (direction * previous.Noise);
    }
}
