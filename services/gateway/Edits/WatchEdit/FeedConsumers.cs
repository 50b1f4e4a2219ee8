using FlexEdit.Contracts.Messages;
using MassTransit;

namespace FlexEdit.Gateway.Edits.WatchEdit;

/// <summary>Takes news of changed edits off the bus.</summary>
internal sealed class GatewayChangeConsumer(EditFeed feed) : IConsumer<EditChanged>
{
    public Task Consume(ConsumeContext<EditChanged> context)
    {
        feed.Publish(context.Message);
        return Task.CompletedTask;
    }
}

/// <summary>Takes sampling steps off the bus.</summary>
internal sealed class GatewayProgressConsumer(EditFeed feed) : IConsumer<EditProgressed>
{
    public Task Consume(ConsumeContext<EditProgressed> context)
    {
        feed.Publish(context.Message);
        return Task.CompletedTask;
    }
}
