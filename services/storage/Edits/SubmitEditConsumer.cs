using FlexEdit.Contracts.Errors;
using FlexEdit.Contracts.Messages;
using FlexEdit.Platform.Bus;
using FlexEdit.Platform.Objects;
using FlexEdit.Storage.Ledger;
using MassTransit;

namespace FlexEdit.Storage.Edits;

/// <summary>Answers a gateway after the commit.</summary>
internal sealed partial class SubmitEditConsumer(SubmitEditHandler handler, ILogger<SubmitEditConsumer> log) : IConsumer<SubmitEdit>
{
    /// <inheritdoc/>
    public async Task Consume(ConsumeContext<SubmitEdit> context)
    {
        SubmitOutcome outcome;
        try
        {
            outcome = await handler.HandleAsync(context.Message, context.CancellationToken);
        }
        catch (Exception error) when (error is ObjectStoreException || LedgerFailure.Is(error))
        {
            LogNotDurable(error, context.Message.EditId);
            outcome = new EditRefused { Status = 503, Code = ErrorCodes.Unavailable, Detail = "The edit cannot be stored at the moment; send it again later." };
        }
        await (outcome.Refused is { } refused ? context.RespondAsync(refused) : context.RespondAsync(outcome.Submitted!));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Edit {EditId} could not be made durable.")]
    private partial void LogNotDurable(Exception error, string editId);
}

/// <summary>One queue for all storage processes. No retries: the gateway answers 503 and the client asks again.</summary>
internal sealed class SubmitEditConsumerDefinition : ConsumerDefinition<SubmitEditConsumer>
{
    public SubmitEditConsumerDefinition()
    {
        EndpointName = BusEndpoints.Submit;
        ConcurrentMessageLimit = 32;
    }
}
