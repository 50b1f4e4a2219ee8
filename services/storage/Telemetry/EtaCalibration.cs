using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using FlexEdit.Storage.Reads;

namespace FlexEdit.Storage.Telemetry;

/// <summary>
/// Whether estimates of waiting times were right: the first one that this process gave a client for a wait, against when the wait ended. Well calibrated,
/// half of them end within p50 and nine tenths within p90. A claim that another storage process answers is not seen.
/// </summary>
internal static class EtaCalibration
{
    private const int Most = 10_000;
    private static readonly Meter s_meter = new(LedgerMetrics.MeterName);
    private static readonly Counter<long> s_estimates = s_meter.CreateCounter<long>(
        "flexedit.eta.estimates", description: "Waits of which an estimate was given, by stage and by what it kept: p50, p90 (later than p50) or late.");
    private static readonly ConcurrentDictionary<(string Edit, string Stage), (long P50, long P90)> s_given = new();

    /// <summary>A client was told how long an edit will wait, at a moment in UTC ticks.</summary>
    public static void Given(string edit, string stage, EtaView eta, long now)
    {
        // Those that nobody claims here do not come back.
        if (s_given.Count >= Most)
            s_given.Clear();
        s_given.TryAdd((edit, stage), (now + Ticks(eta.P50), now + Ticks(eta.P90)));
    }

    /// <summary>The wait has ended.</summary>
    public static void Claimed(string edit, string stage, long now)
    {
        if (s_given.TryRemove((edit, stage), out var given))
            s_estimates.Add(1, new("stage", stage), new("kept", now <= given.P50 ? "p50" : now <= given.P90 ? "p90" : "late"));
    }

    private static long Ticks(double seconds) => (long)(seconds * TimeSpan.TicksPerSecond);
}
