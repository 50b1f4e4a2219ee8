using System.Diagnostics.Metrics;

namespace FlexEdit.Platform.Engines;

/// <summary>What every engine has alike.</summary>
internal static class EngineMetrics
{
    private static readonly Meter s_meter = new("FlexEdit.Engines");
    private static readonly Histogram<double> s_load = s_meter.CreateHistogram<double>("flexedit.model.load", "s", "Time to load a model, by engine.");

    public static void Loaded(string engine, TimeSpan took) => s_load.Record(took.TotalSeconds, new KeyValuePair<string, object?>("engine", engine));
}
