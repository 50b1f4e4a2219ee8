using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Messages;
using FlexEdit.Platform.Bus;
using FlexEdit.Storage.Ledger;
using MassTransit;

namespace FlexEdit.Storage.Outbox;

/// <summary>
/// Takes commands that the broker has delivered too often into the ledger. An edit that kills its workers has spent its attempts by then and has
/// failed; here are those whose workers died before they could claim (a machine that cannot start its engine): they are healthy and go again,
/// later each time, until their wait is over.
/// </summary>
internal sealed partial class DeadLetterConsumer(LedgerWriter writer, ILogger<DeadLetterConsumer> log) : IConsumer<UnderstandEdit>, IConsumer<GenerateEdit>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<UnderstandEdit> context) => PutBackAsync(context.Message.EditId, EditStage.Understanding, context.CancellationToken);

    /// <inheritdoc/>
    public Task Consume(ConsumeContext<GenerateEdit> context) => PutBackAsync(context.Message.EditId, EditStage.Generating, context.CancellationToken);

    private Task PutBackAsync(string editId, string stage, CancellationToken cancellationToken) => writer.WriteAsync(
        async change =>
        {
            if (await change.FindEditAsync(editId) is not { Edit.Held: false } flow || flow.Edit.WaitingFor != stage)
                return;
            LogPutBack(editId, stage);
            flow.PutBack();
        },
        cancellationToken);

    [LoggerMessage(Level = LogLevel.Error, Message = "Edit {EditId}: the broker gave up on its {Stage} command, which no worker could claim; it will be sent again.")]
    private partial void LogPutBack(string editId, string stage);
}

/// <summary>The queue that the broker's policy names.</summary>
internal sealed class DeadLetterConsumerDefinition : ConsumerDefinition<DeadLetterConsumer>
{
    public DeadLetterConsumerDefinition() => EndpointName = BusEndpoints.DeadLetters;

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<DeadLetterConsumer> consumerConfigurator, IRegistrationContext context) =>
        endpointConfigurator.ConfigureConsumeTopology = false;
}
