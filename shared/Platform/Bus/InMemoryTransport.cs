using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace FlexEdit.Platform.Bus;

/// <summary>The bus inside one process.</summary>
internal static class InMemoryTransport
{
    public static void Use(IBusRegistrationConfigurator bus) => bus.UsingInMemory((context, memory) =>
    {
        TraceContext.Carry(memory);
        foreach (var commands in context.GetServices<CommandEndpoints>())
            commands.Add(context, (name, configure) => memory.ReceiveEndpoint(name, endpoint => configure(endpoint)));
        memory.ConfigureEndpoints(context);
    });
}
