using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Ledger;
using Microsoft.EntityFrameworkCore;
using static FlexEdit.Storage.Ledger.LedgerJson;

namespace FlexEdit.Storage.Attempts;

internal sealed partial class AttemptLedger
{
    /// <inheritdoc/>
    /// <remarks>Not taken while the edit is being canceled: the worker then lets go with a receipt.</remarks>
    public Task<bool> FinishUnderstandingAsync(UnderstandingFinished finished, CancellationToken cancellationToken) => writer.WriteAsync(
        async change =>
        {
            if (await FindLiveAsync(change, finished.Attempt) is not var (flow, attempt))
                return await EndedAsync(change, finished.Attempt, AttemptOutcome.Ok);
            if (flow.Edit.Status == EditStatus.Canceling)
                return false;
            flow.EndAttempt(attempt, AttemptOutcome.Ok, finished.ModelMs);
            flow.Understood(finished.Result, pause: flow.Edit.ApprovalJson is null && Read<EditOptions>(flow.Edit.OptionsJson).PauseAfter == EditStage.Understanding);
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    /// <remarks>Not taken while the edit is being canceled: the worker then lets go with a receipt.</remarks>
    public Task<bool> FinishGenerationAsync(GenerationFinished finished, CancellationToken cancellationToken) => writer.WriteAsync(
        async change =>
        {
            if (await FindLiveAsync(change, finished.Attempt) is not var (flow, attempt))
                return await EndedAsync(change, finished.Attempt, AttemptOutcome.Ok);
            if (flow.Edit.Status == EditStatus.Canceling)
                return false;
            var earlier = await change.Ledger.Attempts
                .Where(a => a.EditId == attempt.EditId && a.Outcome == AttemptOutcome.Ok)
                .SumAsync(a => a.EndedAt!.Value - a.StartedAt, cancellationToken);
            flow.EndAttempt(attempt, AttemptOutcome.Ok, finished.ModelMs);
            flow.Succeed(finished.Outputs, finished.Model, earlier + change.Now - attempt.StartedAt);
            return true;
        },
        cancellationToken);
}
