using static TorchSharp.torch;

namespace FlexEdit.Models.Schedulers;

/// <summary>
/// Euler steps along the straight paths x = (1−σ)·x0 + σ·ε of flow matching (Lipman et al. 2023; Liu et al. 2023), with the noise levels
/// shifted for larger pictures (Esser et al. 2024, "Scaling Rectified Flow Transformers", equation 23). The network predicts the velocity
/// (<see cref="PredictionType.FlowPrediction"/>, the published default) or x0 (<see cref="PredictionType.Sample"/>).
/// Time steps are σ times the number of training steps.
/// </summary>
/// <remarks>
/// Published runs are spaced from the highest to the lowest level (linspace), so that their last step hardly moves. Trailing spacing,
/// an addition of ours, goes 1, 1−1/n, …, 1/n: each of the n steps moves equally far.
/// </remarks>
public sealed class FlowMatchEulerScheduler : Scheduler
{
    /// <inheritdoc cref="SchedulerCatalog.Create"/>
    public FlowMatchEulerScheduler(SchedulerConfig config)
        : base(config)
    {
        if (config.TimestepSpacing == TimestepSpacing.Leading || config.UseKarrasSigmas || config.ClipSample || config.Shift <= 0)
            throw new NotSupportedException($"{config.ClassName} takes linspace or trailing spacing, a positive shift, and neither Karras' levels nor clipping.");
        if (config.PredictionType is not (PredictionType.FlowPrediction or PredictionType.Sample))
            throw new NotSupportedException($"{config.ClassName} takes flow_prediction or sample.");
    }

    private protected override SamplerPlan Lay(int steps)
    {
        var train = (double)Config.NumTrainTimesteps;
        IEnumerable<double> levels;
        if (Config.TimestepSpacing == TimestepSpacing.Trailing)
        {
            levels = Enumerable.Range(0, steps).Select(i => 1 - ((double)i / steps));
        }
        else
        {
            // The bounds are shifted ones already, and are shifted once more below: so does the published class.
            var (max, min) = (Shifted(1), Shifted(1 / train));
            levels = Enumerable.Range(0, steps).Select(i => steps == 1 ? max : max + ((min - max) * i / (steps - 1)));
        }
        double[] sigmas = [.. levels.Select(Shifted)];
        return new SamplerPlan([.. sigmas.Select(s => s * train)], [.. sigmas, 0], 1);
    }

    private protected override NoiseLevel LevelAt(SamplerPlan plan, double timestep) => Level(plan.Sigmas[plan.NearestStep(timestep)]);

    private protected override NoiseLevel LevelOf(SamplerState state) => Level(state.Plan.Sigmas[state.StepIndex]);

    private protected override Tensor Next(SamplerState state, Tensor output, Tensor sample, Tensor? noise)
    {
        var sigma = state.Plan.Sigmas[state.StepIndex];
        var next = state.Plan.Sigmas[state.StepIndex + 1];
        var velocity = Config.PredictionType == PredictionType.Sample ? (sample - output) / sigma : output;
        return sample + (velocity * (next - sigma));
    }

    private double Shifted(double sigma) => Config.Shift * sigma / (1 + ((Config.Shift - 1) * sigma));

    private static NoiseLevel Level(double sigma) => new(1 - sigma, sigma);
}
