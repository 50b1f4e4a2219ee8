using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FlexEdit.Platform.Bus;

/// <summary>
/// The bus over RabbitMQ. Queues of commands are quorum queues; their limits and dead letters are the broker's policies and not arguments,
/// since arguments cannot be changed later.
/// </summary>
internal static class RabbitMqTransport
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    /// <summary>Arguments of a command's queue.</summary>
    public static Dictionary<string, object?> QuorumQueue { get; } = new() { ["x-queue-type"] = "quorum" };

    public static void Use(IBusRegistrationConfigurator bus) => bus.UsingRabbitMq((context, rabbit) =>
    {
        rabbit.Host(context.GetRequiredService<IOptions<BusOptions>>().Value.RabbitMq!, host =>
        {
            host.Heartbeat(Heartbeat);
            host.PublisherConfirmation = true;
            if (context.GetRequiredService<BrokerCredentials>() is { AreInFiles: true } credentials)
                host.CredentialsProvider = credentials;
        });
        // A request that its gateway has given up on is worth nothing on a disk.
        rabbit.ConfigureSend(send => send.UseExecute(static context =>
        {
            if (context is SendContext<Contracts.Messages.SubmitEdit>)
                context.Durable = false;
        }));
        // Whoever listens to these looks by itself too: a confirmation would be waited for in vain.
        rabbit.ConfigurePublish(publish => publish.UseExecute(static context =>
        {
            if (context is not (SendContext<Contracts.Messages.EditChanged> or SendContext<Contracts.Messages.EditProgressed>))
                return;
            context.Durable = false;
            if (context.TryGetPayload(out RabbitMqSendContext? sent))
                sent.AwaitAck = false;
        }));
        TraceContext.Carry(rabbit);
        foreach (var commands in context.GetServices<CommandEndpoints>())
        {
            commands.Add(context, (name, configure) => rabbit.ReceiveEndpoint(name, endpoint =>
            {
                endpoint.ConfigureConsumeTopology = false;
                foreach (var (argument, value) in QuorumQueue)
                    endpoint.SetQueueArgument(argument, value!);
                configure(endpoint);
            }));
        }
        rabbit.ConfigureEndpoints(context);
    });
}
