using System.Diagnostics.Metrics;

namespace FlexEdit.Storage.Telemetry;

/// <summary>What becomes of edits, counted after the commit by the storage process that wrote it.</summary>
internal static class LedgerMetrics
{
    public const string MeterName = "FlexEdit.Storage";
    private static readonly Meter s_meter = new(MeterName);
    private static readonly Counter<long> s_submitted = s_meter.CreateCounter<long>("flexedit.edits.submitted", description: "Edits made durable, by model.");
    private static readonly Counter<long> s_ended = s_meter.CreateCounter<long>("flexedit.edits.ended", description: "Edits that ended, by model and status.");
    private static readonly Histogram<double> s_duration = s_meter.CreateHistogram<double>("flexedit.edits.duration", "s", "From the submission to the end, by model and status.");
    private static readonly Histogram<double> s_wait = s_meter.CreateHistogram<double>("flexedit.queue.wait", "s", "From when an edit may be claimed to its claim, by stage and model.");
    private static readonly Histogram<double> s_stage = s_meter.CreateHistogram<double>("flexedit.stage.duration", "s", "Attempts from claim to end, by stage, model and outcome.");
    private static readonly Histogram<double> s_model = s_meter.CreateHistogram<double>("flexedit.stage.model_time", "s", "Time inside the model of attempts that brought a result, by stage and model.");
    private static readonly Counter<long> s_rescued = s_meter.CreateCounter<long>("flexedit.commands.rescued", description: "Commands sent again because nobody had claimed their edit, by stage.");
    private static readonly Counter<long> s_deadLetters = s_meter.CreateCounter<long>("flexedit.commands.dead_letters", description: "Commands that the broker gave up on, by stage.");

    public static void Submitted(string model) => s_submitted.Add(1, Model(model));

    public static void Ended(string model, string status, long ticks)
    {
        s_ended.Add(1, Model(model), new("status", status));
        s_duration.Record(Seconds(ticks), Model(model), new("status", status));
    }

    public static void Claimed(string stage, string model, long ticks) => s_wait.Record(Seconds(ticks), Stage(stage), Model(model));

    public static void AttemptEnded(string stage, string model, string outcome, long ticks, double? modelMs)
    {
        s_stage.Record(Seconds(ticks), Stage(stage), Model(model), new("outcome", outcome));
        if (modelMs is { } time && outcome == Attempts.AttemptOutcome.Ok)
            s_model.Record(time / 1000, Stage(stage), Model(model));
    }

    public static void Rescued(string stage) => s_rescued.Add(1, Stage(stage));

    public static void DeadLetter(string stage) => s_deadLetters.Add(1, Stage(stage));

    private static double Seconds(long ticks) => Math.Max(0, ticks) / (double)TimeSpan.TicksPerSecond;

    private static KeyValuePair<string, object?> Stage(string stage) => new("stage", stage);

    private static KeyValuePair<string, object?> Model(string model) => new("model", model);
}
