using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Ledger;

namespace FlexEdit.Storage.Attempts;

internal sealed partial class AttemptLedger
{
    /// <inheritdoc/>
    /// <remarks>A lease that ran out but was not taken yet lives again; an attempt that ran too long does not.</remarks>
    public Task<HeartbeatAnswer> HeartbeatAsync(AttemptRef attempt, CancellationToken cancellationToken) => writer.WriteAsync(
        async change =>
        {
            if (await FindLiveAsync(change, attempt) is not var (flow, _) || flow.Edit.RunUntil <= change.Now)
                return new HeartbeatAnswer { Continue = false, Cancel = false };
            flow.ExtendLease();
            return new HeartbeatAnswer { Continue = true, Cancel = flow.Edit.Status == EditStatus.Canceling };
        },
        cancellationToken);
}
