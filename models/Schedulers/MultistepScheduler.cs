namespace FlexEdit.Models.Schedulers;

/// <summary>A solver in λ = log(α/σ) that remembers earlier predictions of x0 (DPM-Solver++, UniPC).</summary>
public abstract class MultistepScheduler : Scheduler
{
    private readonly IReadOnlyList<double> _trainSigmas;

    private protected MultistepScheduler(SchedulerConfig config)
        : base(config)
    {
        if (config.SolverOrder is < 1 or > 2)
            throw new NotSupportedException($"solver_order {config.SolverOrder} is not implemented; 1 and 2 are.");
        if (config.PredictionType == PredictionType.FlowPrediction)
            throw new NotSupportedException($"{config.ClassName} has no flow prediction.");
        Schedule = new NoiseSchedule(config, floorOfLast: SigmaScheduler.SmallestAlpha);
        _trainSigmas = Schedule.Sigmas();
    }

    /// <summary>The training process.</summary>
    public NoiseSchedule Schedule { get; }

    private protected override SamplerPlan Lay(int steps)
    {
        // Levels with λ below the bound are the noisiest ones: they are left out of the grid.
        var clipped = Enumerable.Range(0, Schedule.Count).Count(t => Schedule.Level(t).HalfLogSnr < Config.LambdaMinClipped);
        var timesteps = TimestepGrid.WithoutCleanest(Config, steps, Schedule.Count - clipped);
        var sigmas = SigmaTable.At(_trainSigmas, timesteps);
        if (Config.UseKarrasSigmas)
        {
            sigmas = SigmaTable.Karras(_trainSigmas[0], _trainSigmas[^1], steps);
            timesteps = [.. sigmas.Select(s => Math.Round(SigmaTable.TimestepOf(_trainSigmas, s), MidpointRounding.ToEven))];
        }
        var final = Config.FinalSigma == FinalSigma.Zero ? 0 : _trainSigmas[0];
        return new SamplerPlan(timesteps, [.. sigmas, final], 1);
    }

    private protected override NoiseLevel LevelAt(SamplerPlan plan, double timestep) => NoiseLevel.FromSigma(plan.Sigmas[plan.NearestStep(timestep)]);

    private protected override NoiseLevel LevelOf(SamplerState state) => LevelOf(state, 0);

    /// <summary>The level before the step that lies <paramref name="ahead"/> steps ahead; negative for past ones.</summary>
    private protected static NoiseLevel LevelOf(SamplerState state, int ahead) => NoiseLevel.FromSigma(state.Plan.Sigmas[state.StepIndex + ahead]);
}
