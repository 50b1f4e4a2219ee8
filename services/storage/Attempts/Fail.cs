using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Ledger;

namespace FlexEdit.Storage.Attempts;

internal sealed partial class AttemptLedger
{
    /// <inheritdoc/>
    /// <remarks>Not taken while the edit is being canceled: the worker then lets go with a receipt.</remarks>
    public Task<bool> FailAsync(AttemptFailed failed, CancellationToken cancellationToken) => writer.WriteAsync(
        async change =>
        {
            if (await FindLiveAsync(change, failed.Attempt) is not var (flow, attempt))
                return await EndedAsync(change, failed.Attempt, AttemptOutcome.Failed);
            if (flow.Edit.Status == EditStatus.Canceling)
                return false;
            flow.EndAttempt(attempt, AttemptOutcome.Failed, errorCode: failed.Error.Code);
            flow.RetryOrFail(attempt.Stage, failed.Error);
            return true;
        },
        cancellationToken);
}
