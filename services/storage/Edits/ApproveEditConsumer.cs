using FlexEdit.Contracts.Errors;
using FlexEdit.Contracts.Messages;
using FlexEdit.Platform.Bus;
using FlexEdit.Platform.Objects;
using FlexEdit.Storage.Ledger;
using MassTransit;

namespace FlexEdit.Storage.Edits;

/// <summary>Answers a gateway after the commit.</summary>
internal sealed partial class ApproveEditConsumer(ApproveEditHandler handler, ILogger<ApproveEditConsumer> log) : IConsumer<ApproveEdit>
{
    /// <inheritdoc/>
    public async Task Consume(ConsumeContext<ApproveEdit> context)
    {
        ApproveOutcome outcome;
        try
        {
            outcome = await handler.HandleAsync(context.Message, context.CancellationToken);
        }
        catch (Exception error) when (error is ObjectStoreException || LedgerFailure.Is(error))
        {
            LogNotApproved(error, context.Message.EditId);
            outcome = new EditRefused { Status = 503, Code = ErrorCodes.Unavailable, Detail = "The approval cannot be stored at the moment; send it again later." };
        }
        await (outcome.Refused is { } refused ? context.RespondAsync(refused) : context.RespondAsync(outcome.Approved!));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The approval of edit {EditId} could not be made durable.")]
    private partial void LogNotApproved(Exception error, string editId);
}

/// <summary>One queue for all storage processes. No retries: the gateway answers 503 and the client asks again.</summary>
internal sealed class ApproveEditConsumerDefinition : ConsumerDefinition<ApproveEditConsumer>
{
    public ApproveEditConsumerDefinition()
    {
        EndpointName = BusEndpoints.Approve;
        ConcurrentMessageLimit = 32;
    }
}
