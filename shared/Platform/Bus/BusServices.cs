using FlexEdit.Platform.Health;
using FlexEdit.Platform.Hosting;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace FlexEdit.Platform.Bus;

/// <summary>Composes the bus of a process out of what its services contribute.</summary>
public static class BusServices
{
    // Of the time that a process has for its end: for work to let go, and for the connection to close.
    private static readonly TimeSpan ForTheRest = TimeSpan.FromSeconds(2);

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
    /// A message that a consumer throws at is dropped: the ledger is the truth and sends it again.
    /// </summary>
    /// <param name="services">The process.</param>
    /// <param name="configuration">Its settings.</param>
    /// <param name="reach">Whom the bus has to reach.</param>
    /// <param name="neededForReadiness">Whether the process is of no use while the broker is away (a worker), or answers reads all the same.</param>
    /// <exception cref="StartupException">The transport cannot reach whom <paramref name="reach"/> demands.</exception>
    public static IServiceCollection AddFlexEditBus(
        this IServiceCollection services, IConfiguration configuration, BusReach reach, bool neededForReadiness = true)
    {
        services.AddSettings<BusOptions>(BusOptions.Section);
        services.AddSettings<HostSettings>(HostSettings.Section);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<BrokerCredentials>();
        var transport = configuration[$"{SettingsServices.Root}:{BusOptions.Section}:{nameof(BusOptions.Transport)}"] ?? BusOptions.InMemory;
        if (transport == BusOptions.InMemory && reach == BusReach.OtherProcesses)
        {
            throw new StartupException(
                "This service runs in a process of its own and needs a transport that processes share, but FLEXEDIT__Bus__Transport is 'inmemory', which "
                + "ends at the process. Set it to 'rabbitmq', or run the standalone server, which holds all services in one process.");
        }
        var rabbitMq = transport == BusOptions.RabbitMqTransport;
        var contributions = services.Where(service => service.ServiceType == typeof(BusContribution))
            .Select(service => (BusContribution)service.ImplementationInstance!).ToArray();
        services.AddOptions<MassTransitHostOptions>().Configure<IOptions<HostSettings>>((bus, host) =>
        {
            // A service starts and answers reads while the broker is away.
            bus.WaitUntilStarted = false;
            bus.StopTimeout = Longest(host.Value.ShutdownTimeout - ForTheRest);
            bus.ConsumerStopTimeout = Longest(host.Value.ShutdownTimeout - (2 * ForTheRest));
        });
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.SetKebabCaseEndpointNameFormatter();
            bus.ConfigureHealthCheckOptions(health =>
            {
                health.Name = "bus";
                health.Tags.Add(HealthTags.Ready);
                health.MinimalFailureStatus = neededForReadiness ? HealthStatus.Unhealthy : HealthStatus.Degraded;
            });
            bus.AddConfigureEndpointsCallback((_, endpoint) =>
            {
                endpoint.PublishFaults = false;
                endpoint.DiscardFaultedMessages();
                endpoint.DiscardSkippedMessages();
            });
            foreach (var contribution in contributions)
                contribution.Add(bus);
            if (rabbitMq)
                RabbitMqTransport.Use(bus);
            else
                InMemoryTransport.Use(bus);
        });
        return rabbitMq ? services.AddSingleton<ICommandSender, RabbitMqCommands>() : services.AddSingleton<ICommandSender, InMemoryCommands>();
    }

    private static TimeSpan Longest(TimeSpan time) => time > TimeSpan.FromSeconds(1) ? time : TimeSpan.FromSeconds(1);

    private sealed record BusContribution(Action<IBusRegistrationConfigurator> Add);
}
