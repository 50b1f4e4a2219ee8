using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.CompilerServices;
using FlexEdit.Storage.Telemetry;
using FlexEdit.Storage.Webhooks.Delivering;

namespace FlexEdit.Tests.Unit.Telemetry;

/// <summary>Every instrument that the code declares, under the names that <c>/metrics</c> gives it.</summary>
internal static class DeclaredMetrics
{
    /// <summary>Names of time series, such as <c>flexedit_queue_wait_seconds_bucket</c>.</summary>
    public static IReadOnlySet<string> Series { get; } = Instruments().SelectMany(SeriesOf).ToHashSet();

    /// <summary>Names of instruments, such as <c>flexedit.queue.wait</c>.</summary>
    public static IReadOnlyList<Instrument> All => Instruments();

    private static List<Instrument> Instruments()
    {
        var found = new List<Instrument>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name.StartsWith("FlexEdit.", StringComparison.Ordinal))
            {
                lock (found)
                    found.Add(instrument);
            }
        };
        listener.Start();
        Assembly[] assemblies =
        [
            typeof(FlexEdit.Platform.Telemetry.Tracing).Assembly, typeof(LedgerMetrics).Assembly, typeof(FlexEdit.Generation.Engine.GenerationEngine).Assembly,
            typeof(FlexEdit.Understanding.Engine.UnderstandingEngine).Assembly, typeof(FlexEdit.Gateway.Hosting.GatewayOptions).Assembly,
            typeof(FlexEdit.Screening.Hosting.ContentOptions).Assembly,
        ];
        foreach (var type in assemblies.SelectMany(a => a.GetTypes()).Where(t => !t.ContainsGenericParameters && t.GetFields(BindingFlags.Static | BindingFlags.NonPublic).Any(f => f.FieldType == typeof(Meter))))
            RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        using var deliveries = new DeliveryMetrics();
        using var gauges = new LedgerGauges(null!, null!, null!, Microsoft.Extensions.Options.Options.Create(new Platform.Telemetry.TelemetryOptions()), TimeProvider.System, null!);
        lock (found)
            return [.. found.DistinctBy(instrument => instrument.Name)];
    }

    // The rules of the exporter: dots become underscores, the unit follows the name, counters end in _total.
    private static IEnumerable<string> SeriesOf(Instrument instrument)
    {
        var name = instrument.Name.Replace('.', '_') + (instrument.Unit == "s" ? "_seconds" : "");
        var kind = instrument.GetType().GetGenericTypeDefinition();
        if (kind == typeof(Counter<>) || kind == typeof(ObservableCounter<>))
            return [$"{name}_total"];
        return kind == typeof(Histogram<>) ? [$"{name}_bucket", $"{name}_sum", $"{name}_count"] : [name];
    }
}
