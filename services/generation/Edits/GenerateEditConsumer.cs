using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Messages;
using FlexEdit.Platform.Attempts;
using FlexEdit.Platform.Bus;
using MassTransit;

namespace FlexEdit.Generation.Edits;

/// <summary>Takes the hint that there may be an edit to paint.</summary>
internal sealed class GenerateEditConsumer(AttemptRunner attempts, GenerateEdits work) : IConsumer<GenerateEdit>
{
    public async Task Consume(ConsumeContext<GenerateEdit> context)
    {
        // No lease runs while the weights are still being read.
        await work.WaitForModelAsync(context.Message.Model, context.CancellationToken);
        if (!await attempts.RunAsync(context.Message.EditId, EditStage.Generating, work.RunAsync))
            await context.PutBackAsync();
    }
}
