using System.Diagnostics.Metrics;

namespace FlexEdit.Screening.Telemetry;

/// <summary>What the classifier was shown and what came of it.</summary>
internal static class ScreenMetrics
{
    public const string Passed = "passed";
    public const string Rejected = "rejected";
    public const string Failed = "failed";

    private static readonly Meter s_meter = new("FlexEdit.Screening");
    private static readonly Counter<long> s_pictures = s_meter.CreateCounter<long>("flexedit.content.screened", description: "Pictures that the classifier was shown, by what and verdict.");
    private static readonly Histogram<double> s_time = s_meter.CreateHistogram<double>("flexedit.content.duration", "s", "Time until a picture's verdict, the wait for the classifier included, by what and verdict.");

    public static void Screened(string what, string verdict, TimeSpan took)
    {
        KeyValuePair<string, object?>[] tags = [new("what", what), new("verdict", verdict)];
        s_pictures.Add(1, tags);
        s_time.Record(took.TotalSeconds, tags);
    }
}
