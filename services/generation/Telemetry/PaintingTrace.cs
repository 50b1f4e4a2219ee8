using System.Diagnostics;
using FlexEdit.Platform.Telemetry;

namespace FlexEdit.Generation.Telemetry;

/// <summary>
/// The spans of one picture in the step loop, below the attempt that asked for it: <c>wait for a slot</c>, <c>begin</c>, <c>steps</c> with an event
/// a step, <c>finish</c>. Used by the engine's thread; made by who asks.
/// </summary>
internal sealed class PaintingTrace
{
    private readonly string? _parent = Activity.Current?.Id;
    private Activity? _now;

    public PaintingTrace() => _now = Tracing.StartApart("wait for a slot", _parent);

    /// <summary>The picture is begun, perhaps again.</summary>
    public void Begin(string model)
    {
        Next("begin");
        _now?.SetTag("model", model);
    }

    /// <summary>The picture has begun and is stepped from now on.</summary>
    public void Steps() => Next("steps");

    /// <summary>The picture was stepped.</summary>
    /// <param name="step">Number of the step, from 1.</param>
    /// <param name="together">Pictures in flight.</param>
    public void Stepped(int step, int together) =>
        _now?.AddEvent(new ActivityEvent("step", tags: new ActivityTagsCollection { ["step"] = step, ["in_flight"] = together }));

    /// <summary>The picture is decoded.</summary>
    public void Finish() => Next("finish");

    /// <summary>The picture has left.</summary>
    public void End()
    {
        _now?.Dispose();
        _now = null;
    }

    private void Next(string name)
    {
        if (_now is null)
            return;
        _now.Dispose();
        _now = Tracing.StartApart(name, _parent);
    }
}
