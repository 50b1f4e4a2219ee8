using System.Diagnostics.Metrics;

namespace FlexEdit.Understanding.Telemetry;

/// <summary>What the reading of edits takes.</summary>
internal static class UnderstandingMetrics
{
    private static readonly Meter s_meter = new("FlexEdit.Understanding");
    private static readonly Histogram<double> s_read = s_meter.CreateHistogram<double>("flexedit.understanding.duration", "s", "Time that the model read one edit, by model.");
    private static readonly Counter<long> s_remembered = s_meter.CreateCounter<long>("flexedit.understanding.remembered", description: "Edits that had been read before and were not read again, by model.");

    public static void Read(string model, TimeSpan took) => s_read.Record(took.TotalSeconds, Model(model));

    public static void Remembered(string model) => s_remembered.Add(1, Model(model));

    private static KeyValuePair<string, object?> Model(string model) => new("model", model);
}
