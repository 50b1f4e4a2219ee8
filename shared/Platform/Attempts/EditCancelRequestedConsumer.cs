using FlexEdit.Contracts.Messages;
using MassTransit;

namespace FlexEdit.Platform.Attempts;

/// <summary>Brings a cancel to the attempt that it names, if this process holds it.</summary>
public sealed class EditCancelRequestedConsumer(RunningAttempts running) : IConsumer<EditCancelRequested>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<EditCancelRequested> context)
    {
        running.Cancel(context.Message.EditId, context.Message.Attempt);
        return Task.CompletedTask;
    }
}
