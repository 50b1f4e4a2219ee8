using FlexEdit.Platform.Hosting;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FlexEdit.Platform.Bus;

/// <summary>Composes the bus of a process out of what its services contribute.</summary>
public static class BusServices
{
    /// <summary>Notes consumers and request clients of a service. Call it before <see cref="AddFlexEditBus"/>.</summary>
    /// <exception cref="InvalidOperationException">The bus was composed already.</exception>
    public static IServiceCollection AddBusConsumers(this IServiceCollection services, Action<IBusRegistrationConfigurator> add)
    {
        if (services.Any(service => service.ServiceType == typeof(IBus)))
            throw new InvalidOperationException("AddBusConsumers comes before AddFlexEditBus.");
        return services.AddSingleton(new BusContribution(add));
    }

    /// <summary>
    /// Builds the one bus of the process from everything that <see cref="AddBusConsumers"/> collected. Endpoints have kebab-case names.
    /// A message that a consumer throws at is dropped after the endpoint's own retries: the ledger is the truth and sends it again.
    /// </summary>
    /// <exception cref="StartupException">The transport cannot reach whom <paramref name="reach"/> demands.</exception>
    public static IServiceCollection AddFlexEditBus(this IServiceCollection services, IConfiguration configuration, BusReach reach)
    {
        services.AddSettings<BusOptions>(BusOptions.Section);
        var transport = configuration[$"{SettingsServices.Root}:{BusOptions.Section}:{nameof(BusOptions.Transport)}"] ?? BusOptions.InMemory;
        if (transport == BusOptions.InMemory && reach == BusReach.OtherProcesses)
        {
            throw new StartupException(
                "This service runs in a process of its own and needs a transport that processes share (rabbitmq), but FLEXEDIT__Bus__Transport is "
                + "'inmemory', which ends at the process. Run the standalone server, which holds all services in one process.");
        }
        if (transport != BusOptions.InMemory)
            throw new StartupException(new BusOptions { Transport = transport }.Faults().First());

        var contributions = services.Where(service => service.ServiceType == typeof(BusContribution))
            .Select(service => (BusContribution)service.ImplementationInstance!).ToArray();
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.SetKebabCaseEndpointNameFormatter();
            bus.AddConfigureEndpointsCallback((_, endpoint) =>
            {
                endpoint.PublishFaults = false;
                endpoint.DiscardFaultedMessages();
                endpoint.DiscardSkippedMessages();
            });
            foreach (var contribution in contributions)
                contribution.Add(bus);
            bus.UsingInMemory((context, memory) => memory.ConfigureEndpoints(context));
        });
        return services;
    }

    private sealed record BusContribution(Action<IBusRegistrationConfigurator> Add);
}
