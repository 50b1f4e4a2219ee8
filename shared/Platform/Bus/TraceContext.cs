using System.Diagnostics;
using FlexEdit.Platform.Telemetry;
using MassTransit;

namespace FlexEdit.Platform.Bus;

/// <summary>
/// Carries the W3C trace context of a client's request in the header <c>traceparent</c> of every message, whether or not anybody
/// collects traces: the logs of all services then name the same trace.
/// </summary>
public static class TraceContext
{
    /// <summary>The header.</summary>
    public const string Header = "traceparent";

    /// <summary>Makes what runs until the result is disposed belong to a trace; null: to the present one.</summary>
    /// <param name="name">What is done.</param>
    /// <param name="traceParent">The trace.</param>
    /// <param name="kind">How it is told to whoever collects traces; null: not at all.</param>
    public static Activity? Continue(string name, string? traceParent, ActivityKind? kind = null)
    {
        if (traceParent is null)
            return null;
        return (kind is null ? null : Tracing.Start(name, kind.Value, traceParent))
            ?? new Activity(name).SetIdFormat(ActivityIdFormat.W3C).SetParentId(traceParent).Start();
    }

    internal static void Carry(IBusFactoryConfigurator bus)
    {
        bus.ConfigureSend(send => send.UseExecute(Put));
        bus.ConfigurePublish(publish => publish.UseExecute(Put));
        bus.UseFilter(new ContinueTrace());
    }

    private static void Put(SendContext context)
    {
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } id })
            context.Headers.Set(Header, id);
    }

    private sealed class ContinueTrace : IFilter<ConsumeContext>
    {
        public async Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
        {
            // What everybody hears, progress above all, would bury the trace.
            var queue = context.ReceiveContext.InputAddress.AbsolutePath.Split('/')[^1];
            var isForOne = BusEndpoints.IsForOne(queue);
            using var activity = Continue(isForOne ? $"process {queue}" : "consume", context.Headers.Get<string>(Header), isForOne ? ActivityKind.Consumer : null);
            activity?.SetTag("messaging.destination.name", queue);
            await next.Send(context);
        }

        public void Probe(ProbeContext context) => context.CreateFilterScope("trace");
    }
}
