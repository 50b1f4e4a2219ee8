using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Ledger;
using FlexEdit.Storage.Ledger;

namespace FlexEdit.Storage.Edits;

/// <summary>Cancels an edit at its client's wish. A finished edit, and one that is being canceled, stays as it is.</summary>
internal sealed class CancelEditHandler(LedgerWriter writer) : IEditControl
{
    /// <inheritdoc/>
    public Task<bool> CancelAsync(string tenant, string editId, CancellationToken cancellationToken) => writer.WriteAsync(
        async change =>
        {
            if (await change.FindEditAsync(editId) is not { } flow || flow.Edit.Tenant != tenant)
                return false;
            if (!flow.HasEnded && flow.Edit.Status != EditStatus.Canceling)
                flow.RequestCancel();
            return true;
        },
        cancellationToken);
}
