using FlexEdit.Platform.Bus;
using FlexEdit.Platform.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FlexEdit.Platform.Attempts;

/// <summary>Registers what workers need to run attempts.</summary>
public static class AttemptServices
{
    /// <summary>
    /// Adds <see cref="AttemptRunner"/> and the consumer of cancels. The ledger is registered elsewhere. May be called by
    /// every worker of a process; counts once. Call it before the bus is composed.
    /// </summary>
    public static IServiceCollection AddAttempts(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(RunningAttempts)))
            return services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSettings<AttemptOptions>(AttemptOptions.Section);
        services.AddSingleton<RunningAttempts>();
        services.AddSingleton<AttemptRunner>();
        return services.AddBusConsumers(bus => bus.AddFanOutConsumer<EditCancelRequestedConsumer>());
    }
}
