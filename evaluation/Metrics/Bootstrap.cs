using FlexEdit.Masks;

namespace FlexEdit.Evaluation.Metrics;

/// <summary>A mean with its interval.</summary>
/// <param name="Mean">Over the cases that have a value.</param>
/// <param name="Low">2.5 % of the resampled means lie below.</param>
/// <param name="High">2.5 % of the resampled means lie above.</param>
/// <param name="Count">Cases.</param>
public sealed record MeanInterval(double Mean, double Low, double High, int Count);

/// <summary>Confidence intervals by resampling cases (the percentile bootstrap, Efron 1979), seeded, so that a report is the same each time.</summary>
public static class Bootstrap
{
    /// <summary>Resampled means.</summary>
    public const int Rounds = 2000;

    /// <summary>The mean and its 95 % interval; null where there is no value.</summary>
    public static MeanInterval? Of(IReadOnlyList<double> values, ulong seed = 95)
    {
        if (values.Count == 0)
            return null;
        var random = new SeededRandom(seed, (ulong)values.Count);
        var means = new double[Rounds];
        for (var round = 0; round < Rounds; round++)
        {
            var sum = 0.0;
            for (var i = 0; i < values.Count; i++)
                sum += values[random.Next(values.Count)];
            means[round] = sum / values.Count;
        }
        Array.Sort(means);
        return new MeanInterval(values.Average(), means[(int)(0.025 * (Rounds - 1))], means[(int)Math.Ceiling(0.975 * (Rounds - 1))], values.Count);
    }
}
