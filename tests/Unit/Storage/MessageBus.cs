using System.Threading.Channels;
using FlexEdit.Contracts.Messages;
using FlexEdit.Platform.Bus;
using FlexEdit.Storage.Outbox;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace FlexEdit.Tests.Unit.Storage;

/// <summary>A storage process with a running bus, and what workers and gateways on that bus received.</summary>
internal sealed class MessageBus : IAsyncDisposable
{
    private readonly Channel<object> _received;

    private MessageBus(StorageUnderTest storage, Channel<object> received) => (Storage, _received) = (storage, received);

    public StorageUnderTest Storage { get; }

    public OutboxDispatcher Dispatcher => Storage.Get<OutboxDispatcher>();

    public static async Task<MessageBus> StartAsync(TestFolder folder, FakeTimeProvider? time = null)
    {
        var received = Channel.CreateUnbounded<object>();
        var storage = await StorageUnderTest.StartAsync(folder, time, services =>
        {
            services.AddSingleton(received);
            services.AddBusConsumers(bus =>
            {
                bus.AddConsumer<CommandConsumer, UnderstandDefinition>();
                bus.AddFanOutConsumer<CancelConsumer>();
            });
            services.AddFlexEditBus(new ConfigurationBuilder().Build(), BusReach.ThisProcess);
        });
        await storage.Get<IBusControl>().StartAsync(CancellationToken.None);
        return new MessageBus(storage, received);
    }

    /// <summary>The next message that a worker received.</summary>
    public async Task<object> NextAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await _received.Reader.ReadAsync(patience.Token);
    }

    public bool IsQuiet => _received.Reader.Count == 0;

    public async ValueTask DisposeAsync()
    {
        await Storage.Get<IBusControl>().StopAsync();
        await Storage.DisposeAsync();
    }

    private sealed class CommandConsumer(Channel<object> received) : IConsumer<UnderstandEdit>
    {
        public Task Consume(ConsumeContext<UnderstandEdit> context) => received.Writer.WriteAsync(context.Message).AsTask();
    }

    private sealed class UnderstandDefinition : ConsumerDefinition<CommandConsumer>
    {
        public UnderstandDefinition() => EndpointName = BusEndpoints.Understand("flexedit-tiny");
    }

    private sealed class CancelConsumer(Channel<object> received) : IConsumer<EditCancelRequested>
    {
        public Task Consume(ConsumeContext<EditCancelRequested> context) => received.Writer.WriteAsync(context.Message).AsTask();
    }
}
