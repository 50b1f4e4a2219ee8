using FlexEdit.Platform.Models;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace FlexEdit.Platform.Bus;

/// <summary>Consumers of commands: a queue for each model that this process has, and no more messages taken than there are slots.</summary>
public static class CommandConsumers
{
    /// <summary>
    /// Adds a consumer to the queues that <paramref name="endpoint"/> names for each model of the <see cref="ModelCatalog"/>.
    /// A queue keeps its messages while its model has no worker, and one model's load does not hold up another's.
    /// </summary>
    /// <param name="services">The process.</param>
    /// <param name="endpoint">The queue's name for a model id.</param>
    /// <param name="slots">How many messages of one queue are worked on at once.</param>
    public static IServiceCollection AddCommandConsumer<TConsumer>(
        this IServiceCollection services, Func<string, string> endpoint, Func<IServiceProvider, int> slots)
        where TConsumer : class, IConsumer
    {
        services.AddModelCatalog();
        services.AddSingleton(new CommandEndpoints((context, add) =>
        {
            foreach (var model in context.GetRequiredService<ModelCatalog>().Ids)
            {
                add(endpoint(model), receiver =>
                {
                    var most = slots(context);
                    (receiver.PrefetchCount, receiver.ConcurrentMessageLimit) = (most, most);
                    receiver.ConfigureConsumer<TConsumer>(context);
                });
            }
        }));
        return services.AddBusConsumers(bus => bus.AddConsumer<TConsumer>().ExcludeFromConfigureEndpoints());
    }

    /// <summary>Puts a command back into its queue for another worker, as a new message, so that no delivery is counted against it.</summary>
    public static Task PutBackAsync<T>(this ConsumeContext<T> context)
        where T : class => context.Forward(context.ReceiveContext.InputAddress);
}

/// <summary>Adds the endpoints of one kind of command to a transport.</summary>
internal sealed record CommandEndpoints(Action<IBusRegistrationContext, Action<string, Action<IReceiveEndpointConfigurator>>> Add);
