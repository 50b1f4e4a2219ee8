using MassTransit;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;

namespace FlexEdit.Platform.Bus;

/// <summary>Sends a command to its queue, whether or not a worker has ever been there.</summary>
public interface ICommandSender
{
    /// <summary>Returns when the transport has taken the message: with RabbitMQ, when the queue has it on the disk.</summary>
    Task SendAsync(string endpoint, object message, CancellationToken cancellationToken);
}

/// <summary>Inside one process.</summary>
internal sealed class InMemoryCommands(IBus bus) : ICommandSender
{
    public async Task SendAsync(string endpoint, object message, CancellationToken cancellationToken) =>
        await (await bus.GetSendEndpoint(BusEndpoints.AddressOf(endpoint))).Send(message, cancellationToken);
}

/// <summary>
/// Over RabbitMQ. A message that no queue takes would be confirmed and gone, so the broker is asked to give it back; the queue is then
/// made (it may never have been, or somebody has deleted it, or the broker has lost its disk), and the message sent again.
/// </summary>
internal sealed class RabbitMqCommands(IBus bus, IOptions<BusOptions> options, BrokerCredentials credentials) : ICommandSender, IDisposable
{
    private readonly SemaphoreSlim _making = new(1, 1);

    public async Task SendAsync(string endpoint, object message, CancellationToken cancellationToken)
    {
        var exchange = await bus.GetSendEndpoint(new Uri($"exchange:{endpoint}"));
        var mandatory = Pipe.Execute<SendContext>(context =>
        {
            if (context.TryGetPayload(out RabbitMqSendContext? rabbit))
                rabbit.Mandatory = true;
        });
        try
        {
            await exchange.Send(message, message.GetType(), mandatory, cancellationToken);
        }
        catch (MessageReturnedException)
        {
            await MakeQueueAsync(endpoint, cancellationToken);
            await exchange.Send(message, message.GetType(), mandatory, cancellationToken);
        }
    }

    public void Dispose() => _making.Dispose();

    // The same as a worker's endpoint declares.
    private async Task MakeQueueAsync(string endpoint, CancellationToken cancellationToken)
    {
        await _making.WaitAsync(cancellationToken);
        try
        {
            var broker = new ConnectionFactory { Uri = options.Value.RabbitMq! };
            if (credentials.AreInFiles)
                broker.CredentialsProvider = credentials;
            await using var connection = await broker.CreateConnectionAsync(cancellationToken);
            await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
            await channel.ExchangeDeclareAsync(endpoint, ExchangeType.Fanout, durable: true, cancellationToken: cancellationToken);
            await channel.QueueDeclareAsync(
                endpoint, durable: true, exclusive: false, autoDelete: false, RabbitMqTransport.QuorumQueue, cancellationToken: cancellationToken);
            await channel.QueueBindAsync(endpoint, endpoint, "", cancellationToken: cancellationToken);
        }
        finally
        {
            _making.Release();
        }
    }
}
