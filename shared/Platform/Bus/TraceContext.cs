using System.Diagnostics;
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
    public static Activity? Continue(string name, string? traceParent) =>
        traceParent is null ? null : new Activity(name).SetIdFormat(ActivityIdFormat.W3C).SetParentId(traceParent).Start();

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
            using var activity = Continue("consume", context.Headers.Get<string>(Header));
            await next.Send(context);
        }

        public void Probe(ProbeContext context) => context.CreateFilterScope("trace");
    }
}
