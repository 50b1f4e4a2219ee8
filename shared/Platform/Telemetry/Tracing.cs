using System.Diagnostics;

namespace FlexEdit.Platform.Telemetry;

/// <summary>
/// The spans of our own. All spans of an edit belong to the trace of the request that made it
/// (<see cref="Bus.TraceContext"/>). None holds an instruction, an answer or an address that a client gave.
/// </summary>
public static class Tracing
{
    /// <summary>Name of the source.</summary>
    public const string SourceName = "FlexEdit";

    private static readonly ActivitySource s_source = new(SourceName);

    /// <summary>Starts a span below <paramref name="parent"/> (a W3C trace parent), or below the present one; null where nobody collects it.</summary>
    public static Activity? Start(string name, ActivityKind kind = ActivityKind.Internal, string? parent = null) =>
        parent is null ? s_source.StartActivity(name, kind) : s_source.StartActivity(name, kind, parent);

    /// <summary>Starts a span that ends on another thread or later: it does not become the present one. Null without a parent, or where nobody collects it.</summary>
    public static Activity? StartApart(string name, string? parent, DateTimeOffset startedAt = default)
    {
        if (parent is null)
            return null;
        var present = Activity.Current;
        var started = s_source.StartActivity(name, ActivityKind.Internal, parent, startTime: startedAt);
        Activity.Current = present;
        return started;
    }
}
