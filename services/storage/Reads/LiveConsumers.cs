using FlexEdit.Contracts.Messages;
using FlexEdit.Storage.Ledger;
using MassTransit;

namespace FlexEdit.Storage.Reads;

/// <summary>Notes the progress of edits, whichever process serves the next read.</summary>
internal sealed class StorageProgressConsumer(ProgressBoard board) : IConsumer<EditProgressed>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<EditProgressed> context)
    {
        board.Take(context.Message);
        return Task.CompletedTask;
    }
}

/// <summary>Wakes long polls in this process when another storage process changed their edit.</summary>
internal sealed class StorageChangeConsumer(EditBell bell) : IConsumer<EditChanged>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<EditChanged> context)
    {
        bell.Ring(context.Message.EditId);
        return Task.CompletedTask;
    }
}
