namespace FlexEdit.Models.Schedulers;

/// <summary>The time steps that a run visits, falling; halves are rounded to even, as NumPy does.</summary>
internal static class TimestepGrid
{
    /// <summary>The grid of DDIM and DDPM: whole steps, the end of the process included where the spacing allows.</summary>
    public static double[] Whole(SchedulerConfig config, int steps) =>
        [.. Fractional(config, steps).Select(t => Math.Round(t, MidpointRounding.ToEven))];

    /// <summary>The grid of the Euler samplers: as <see cref="Whole"/>, but linspace keeps its fractions.</summary>
    public static double[] Fractional(SchedulerConfig config, int steps)
    {
        var train = config.NumTrainTimesteps;
        return config.TimestepSpacing switch
        {
            TimestepSpacing.Linspace => Falling(steps, i => steps == 1 ? 0 : (train - 1.0) * i / (steps - 1)),
            TimestepSpacing.Leading => Falling(steps, i => ((double)i * (train / steps)) + config.StepsOffset),
            _ => Trailing(train, train, steps),
        };
    }

    /// <summary>
    /// The grid of the multistep solvers: one step more is laid out and the cleanest one left out, since the last step goes on to no noise.
    /// Only the first <paramref name="last"/> training steps are used.
    /// </summary>
    public static double[] WithoutCleanest(SchedulerConfig config, int steps, int last) => config.TimestepSpacing switch
    {
        TimestepSpacing.Linspace => Falling(steps, i => Math.Round((last - 1.0) * (i + 1) / steps, MidpointRounding.ToEven)),
        TimestepSpacing.Leading => Falling(steps, i => ((i + 1.0) * (last / (steps + 1))) + config.StepsOffset),
        _ => Trailing(config.NumTrainTimesteps, last, steps),
    };

    private static double[] Falling(int steps, Func<int, double> rising) =>
        [.. Enumerable.Range(0, steps).Reverse().Select(rising)];

    private static double[] Trailing(int train, int last, int steps)
    {
        var ratio = (double)train / steps;
        return [.. Enumerable.Range(0, steps).Select(i => Math.Round(last - (i * ratio), MidpointRounding.ToEven) - 1).TakeWhile(t => t >= 0)];
    }
}
