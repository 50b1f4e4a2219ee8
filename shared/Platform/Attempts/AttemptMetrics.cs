using System.Diagnostics.Metrics;

namespace FlexEdit.Platform.Attempts;

/// <summary>What a worker sees of its attempts, whether or not the ledger hears of it.</summary>
internal static class AttemptMetrics
{
    private static readonly Meter s_meter = new("FlexEdit.Workers");
    private static readonly UpDownCounter<long> s_inFlight = s_meter.CreateUpDownCounter<long>("flexedit.worker.in_flight", description: "Attempts that this process holds, by stage.");
    private static readonly Counter<long> s_attempts = s_meter.CreateCounter<long>("flexedit.worker.attempts", description: "Attempts that this process has let go of, by stage and outcome.");
    private static readonly Counter<long> s_failures = s_meter.CreateCounter<long>("flexedit.worker.ledger_failures", description: "Calls to the ledger that failed and were repeated, by call.");

    public static void Began(string stage) => s_inFlight.Add(1, new KeyValuePair<string, object?>("stage", stage));

    public static void Ended(string stage, string outcome)
    {
        s_inFlight.Add(-1, new KeyValuePair<string, object?>("stage", stage));
        // "failed: code" without its code: the ledger counts by what the public API says.
        s_attempts.Add(1, new KeyValuePair<string, object?>("stage", stage), new KeyValuePair<string, object?>("outcome", outcome.Split(':')[0].Replace(' ', '_')));
    }

    public static void CallFailed(string call) => s_failures.Add(1, new KeyValuePair<string, object?>("call", call));
}
