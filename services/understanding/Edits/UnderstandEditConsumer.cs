using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Messages;
using FlexEdit.Platform.Attempts;
using FlexEdit.Platform.Bus;
using MassTransit;

namespace FlexEdit.Understanding.Edits;

/// <summary>Takes the hint that there may be an edit to understand.</summary>
internal sealed class UnderstandEditConsumer(AttemptRunner attempts, UnderstandEdits work) : IConsumer<UnderstandEdit>
{
    public async Task Consume(ConsumeContext<UnderstandEdit> context)
    {
        // No lease runs while the weights are still being read.
        await work.WaitForModelAsync(context.Message.Model, context.CancellationToken);
        if (!await attempts.RunAsync(context.Message.EditId, EditStage.Understanding, work.RunAsync))
            await context.PutBackAsync();
    }
}
