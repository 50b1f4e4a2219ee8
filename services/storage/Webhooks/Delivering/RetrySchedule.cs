namespace FlexEdit.Storage.Webhooks.Delivering;

/// <summary>When a message is sent again: the gaps that Standard Webhooks recommends, about 76 hours together.</summary>
internal static class RetrySchedule
{
    /// <summary>Largest share by which a gap is shorter or longer, so that what failed together does not come back together.</summary>
    public const double Jitter = 0.1;

    /// <summary>Longest wait that an endpoint can ask for.</summary>
    public static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(24);

    /// <summary>Gap after the first, second, … failure. After the failure behind the last gap the message is given up.</summary>
    public static readonly IReadOnlyList<TimeSpan> Gaps =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5),
        TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    /// <summary>The gap after failure number <paramref name="failures"/> (from 1), jittered; null: no more attempts.</summary>
    public static TimeSpan? After(int failures)
    {
        if (failures > Gaps.Count)
            return null;
#pragma warning disable CA5394 // Not a secret: only spreads retries.
        return Gaps[failures - 1] * (1 - Jitter + (2 * Jitter * Random.Shared.NextDouble()));
#pragma warning restore CA5394
    }
}
