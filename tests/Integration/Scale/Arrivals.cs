namespace FlexEdit.Tests.Integration.Scale;

/// <summary>When clients come, whether or not they are answered.</summary>
internal static class Arrivals
{
    /// <summary>Independent clients, <paramref name="rate"/> a second.</summary>
    public static IReadOnlyList<TimeSpan> Poisson(double rate, TimeSpan time, int seed)
    {
        var chance = new Random(seed);
        var all = new List<TimeSpan>();
        for (var at = Gap(chance, rate); at < time; at += Gap(chance, rate))
            all.Add(at);
        return all;
    }

    /// <summary>The same number on the average in bursts: of every minute a quarter with three times the rate, the rest with a third of it.</summary>
    public static IReadOnlyList<TimeSpan> Bursty(double rate, TimeSpan time, int seed)
    {
        var minute = TimeSpan.FromMinutes(1);
        var chance = new Random(seed);
        return
        [
            .. Poisson(3 * rate, time, seed).Where(at => (at.Ticks % minute.Ticks < minute.Ticks / 4) || chance.NextDouble() < 1.0 / 9),
        ];
    }

    private static TimeSpan Gap(Random chance, double rate) => TimeSpan.FromSeconds(-Math.Log(1 - chance.NextDouble()) / rate);
}
