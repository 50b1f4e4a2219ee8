using System.Diagnostics.Metrics;

namespace FlexEdit.Generation.Telemetry;

/// <summary>What the step loop does. Steps a second are the rate of <c>flexedit.generation.steps</c>.</summary>
internal static class GenerationMetrics
{
    private static readonly Meter s_meter = new("FlexEdit.Generation");
    private static readonly Counter<long> s_steps = s_meter.CreateCounter<long>("flexedit.generation.steps", description: "Sampling steps of pictures, by model: a batch of four counts four.");
    private static readonly Histogram<int> s_batch = s_meter.CreateHistogram<int>("flexedit.generation.batch", description: "Pictures that were stepped together, by model.");
    private static readonly Histogram<double> s_step = s_meter.CreateHistogram<double>("flexedit.generation.step.duration", "s", "Time of one step of a batch, by model.");
    private static readonly Counter<long> s_splits = s_meter.CreateCounter<long>("flexedit.generation.memory_exhausted", description: "Batches that did not fit into memory and were split, by model.");

    public static void Stepped(string model, int pictures, TimeSpan took)
    {
        s_steps.Add(pictures, Model(model));
        s_batch.Record(pictures, Model(model));
        s_step.Record(took.TotalSeconds, Model(model));
    }

    public static void RanOutOfMemory(string model) => s_splits.Add(1, Model(model));

    private static KeyValuePair<string, object?> Model(string model) => new("model", model);
}
