using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Ledger;

namespace FlexEdit.Storage.Attempts;

internal sealed partial class AttemptLedger
{
    /// <inheritdoc/>
    /// <remarks>What happens depends on the edit, not on the worker's word: an edit that is being canceled is then canceled, any other waits for the next worker.</remarks>
    public Task<bool> ReleaseAsync(AttemptReleased released, CancellationToken cancellationToken) => writer.WriteAsync(
        async change =>
        {
            if (await FindLiveAsync(change, released.Attempt) is not var (flow, attempt))
                return await EndedAsync(change, released.Attempt, AttemptOutcome.Canceled, AttemptOutcome.Released);
            if (flow.Edit.Status == EditStatus.Canceling)
            {
                flow.EndAttempt(attempt, AttemptOutcome.Canceled, released.ModelMs);
                flow.Canceled(released.StepsRun, released.ModelMs);
            }
            else
            {
                flow.EndAttempt(attempt, AttemptOutcome.Released, released.ModelMs);
                flow.GiveBack(attempt.Stage);
            }
            return true;
        },
        cancellationToken);
}
