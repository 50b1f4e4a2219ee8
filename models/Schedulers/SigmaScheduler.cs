using static TorchSharp.torch;

namespace FlexEdit.Models.Schedulers;

/// <summary>A scheduler on samples x0 + σ·ε, whose variance grows with the noise (the Euler samplers).</summary>
public abstract class SigmaScheduler : Scheduler
{
    private readonly IReadOnlyList<double> _trainSigmas;

    private protected SigmaScheduler(SchedulerConfig config)
        : base(config)
    {
        if (config.PredictionType == PredictionType.FlowPrediction)
            throw new NotSupportedException($"{config.ClassName} has no flow prediction.");
        Schedule = new NoiseSchedule(config, floorOfLast: SmallestAlpha);
        _trainSigmas = Schedule.Sigmas();
    }

    /// <summary>ᾱ in place of zero where σ must stay finite.</summary>
    internal const double SmallestAlpha = 1.0 / (1 << 24);

    /// <summary>The training process.</summary>
    public NoiseSchedule Schedule { get; }

    /// <summary>The sample divided by √(σ² + 1): the variance-preserving sample that the network was trained on (Karras et al. 2022, table 1).</summary>
    public override Tensor ScaleInput(SamplerState state, Tensor sample)
    {
        var sigma = SigmasOf(state).Now;
        return sample / Math.Sqrt((sigma * sigma) + 1);
    }

    private protected override SamplerPlan Lay(int steps)
    {
        var timesteps = Config.TimestepSpacing == TimestepSpacing.Linspace ? TimestepGrid.Fractional(Config, steps) : TimestepGrid.Whole(Config, steps);
        var sigmas = SigmaTable.At(_trainSigmas, timesteps);
        if (Config.UseKarrasSigmas)
        {
            sigmas = SigmaTable.Karras(sigmas[^1], sigmas[0], steps);
            timesteps = [.. sigmas.Select(s => SigmaTable.TimestepOf(_trainSigmas, s))];
        }
        // With leading spacing the first level is well below the last of training, and pure noise is taken for a sample of it.
        var first = Config.TimestepSpacing == TimestepSpacing.Leading ? Math.Sqrt((sigmas[0] * sigmas[0]) + 1) : sigmas[0];
        var final = Config.FinalSigma == FinalSigma.Zero ? 0 : _trainSigmas[0];
        return new SamplerPlan(timesteps, [.. sigmas, final], first);
    }

    private protected override NoiseLevel LevelAt(SamplerPlan plan, double timestep) => new(1, plan.Sigmas[plan.NearestStep(timestep)]);

    private protected override NoiseLevel LevelOf(SamplerState state) => new(1, SigmasOf(state).Now);

    private protected static (double Now, double Next) SigmasOf(SamplerState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return (state.Plan.Sigmas[state.StepIndex], state.Plan.Sigmas[state.StepIndex + 1]);
    }
}
