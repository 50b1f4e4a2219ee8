namespace FlexEdit.Models.Schedulers;

/// <summary>A scheduler that works on the training process's own whole time steps (DDIM, DDPM, LCM).</summary>
public abstract class TimestepScheduler : Scheduler
{
    private protected TimestepScheduler(SchedulerConfig config)
        : base(config)
    {
        if (config.RescaleBetasZeroSnr && config.PredictionType == PredictionType.Epsilon)
            throw new ArgumentException("With no signal left at the last time step, the noise alone does not tell x0: use v_prediction or sample.", nameof(config));
        if (config.PredictionType == PredictionType.FlowPrediction)
            throw new NotSupportedException($"{config.ClassName} has no flow prediction.");
        Schedule = new NoiseSchedule(config);
    }

    /// <summary>The training process.</summary>
    public NoiseSchedule Schedule { get; }

    private protected override NoiseLevel LevelAt(SamplerPlan plan, double timestep) => Schedule.Level((int)timestep);

    private protected override NoiseLevel LevelOf(SamplerState state) => Schedule.Level((int)state.Timestep);

    /// <summary>The level at a time step that may lie before the first one.</summary>
    private protected NoiseLevel LevelOrFinal(int timestep, bool finalIsClean)
    {
        if (timestep >= 0)
            return Schedule.Level(timestep);
        return finalIsClean ? new NoiseLevel(1, 0) : Schedule.Level(0);
    }
}
