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

/// <summary>Wakes long polls in this process when another storage process changed their edit, and holds the estimates of this one against what came.</summary>
internal sealed partial class StorageChangeConsumer(EditBell bell, EstimateCheck estimates, ILogger<StorageChangeConsumer> log) : IConsumer<EditChanged>
{
    /// <inheritdoc/>
    public async Task Consume(ConsumeContext<EditChanged> context)
    {
        bell.Ring(context.Message.EditId);
        try
        {
            await estimates.LookAsync(context.Message.EditId, context.CancellationToken);
        }
        catch (Exception error) when (LedgerFailure.Is(error))
        {
            LogUnmeasured(error);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "An estimate could not be measured.")]
    private partial void LogUnmeasured(Exception error);
}
