using FlexEdit.Contracts.Edits;
using FlexEdit.Platform.Objects;
using FlexEdit.Storage.Edits;
using FlexEdit.Storage.Ledger;
using Microsoft.EntityFrameworkCore;

namespace FlexEdit.Storage.Batches;

/// <summary>Ends batches that are done, cancels what is to be canceled, and forgets what has been kept long enough. Any number of processes may do so.</summary>
internal sealed class BatchUpkeep(LedgerWriter writer, IDbContextFactory<LedgerContext> ledgers, ILedgerDatabase database, CancelEditHandler cancel, IObjectStore objects)
{
    private const int Batch = 100;

    /// <summary>One look at all batches that have not ended.</summary>
    public async Task TendAsync(CancellationToken cancellationToken)
    {
        List<BatchRow> open;
        await using (var ledger = await ledgers.CreateDbContextAsync(cancellationToken))
            open = await ledger.Batches.AsNoTracking().Where(b => b.CompletedAt == null).OrderBy(b => b.Id).ToListAsync(cancellationToken);
        foreach (var batch in open)
        {
            if (batch.CancelRequestedAt is not null)
                await CancelEditsAsync(batch, cancellationToken);
            await EndAsync(batch, cancellationToken);
        }
    }

    /// <summary>Cancels a batch: lines that are no edits yet never become any, and its edits are canceled. False where the tenant has none of this id.</summary>
    public async Task<bool> CancelAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        var known = await writer.WriteAsync(
            async change =>
            {
                if (await change.Ledger.Batches.SingleOrDefaultAsync(b => b.Id == id && b.Tenant == tenant, cancellationToken) is not { } batch)
                    return false;
                if (batch.CompletedAt is not null)
                    return true;
                batch.CancelRequestedAt ??= change.Now;
                await change.Ledger.BatchLines.Where(l => l.BatchId == id && l.State == LineState.Waiting)
                    .ExecuteUpdateAsync(row => row.SetProperty(l => l.State, LineState.Canceled), cancellationToken);
                return true;
            },
            cancellationToken);
        if (known)
            await TendAsync(cancellationToken);
        return known;
    }

    /// <summary>Forgets batches whose retention has ended; their edits have ended theirs, or go on.</summary>
    public async Task RetainAsync(CancellationToken cancellationToken)
    {
        List<string> old;
        await using (var ledger = await ledgers.CreateDbContextAsync(cancellationToken))
        {
            var now = await database.NowAsync(ledger, cancellationToken);
            old = await ledger.Batches.Where(b => b.RemoveAfter <= now).OrderBy(b => b.RemoveAfter).Select(b => b.Id).Take(Batch).ToListAsync(cancellationToken);
        }
        foreach (var id in old)
        {
            await writer.WriteAsync(
                async change =>
                {
                    await change.Ledger.BatchLines.Where(l => l.BatchId == id).ExecuteDeleteAsync(cancellationToken);
                    await change.Ledger.Batches.Where(b => b.Id == id).ExecuteDeleteAsync(cancellationToken);
                },
                cancellationToken);
        }
    }

    private async Task CancelEditsAsync(BatchRow batch, CancellationToken cancellationToken)
    {
        List<string> edits;
        await using (var ledger = await ledgers.CreateDbContextAsync(cancellationToken))
        {
            edits = await ledger.Edits.Where(e => e.BatchId != null && e.BatchId == batch.Id && e.CompletedAt == null && e.Status != EditStatus.Canceling)
                .Select(e => e.Id).ToListAsync(cancellationToken);
        }
        foreach (var id in edits)
            await cancel.CancelAsync(batch.Tenant, id, cancellationToken);
    }

    private async Task EndAsync(BatchRow batch, CancellationToken cancellationToken)
    {
        if (!await IsDoneAsync(batch.Id, cancellationToken))
            return;
        // The body, which may hold pictures, is of no use any more. First it, then the word: a crash in between is made good by the next look.
        await objects.DeleteUnderAsync(ObjectKeys.Batch(batch.Tenant, batch.Id), cancellationToken);
        await writer.WriteAsync(
            change => change.Ledger.Batches.Where(b => b.Id == batch.Id && b.CompletedAt == null).ExecuteUpdateAsync(
                row => row.SetProperty(b => b.CompletedAt, change.Now).SetProperty(b => b.RemoveAfter, change.Now + change.Rules.Retention.Ticks), cancellationToken),
            cancellationToken);
    }

    private async Task<bool> IsDoneAsync(string id, CancellationToken cancellationToken)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(cancellationToken);
        // In this order: a line that becomes an edit in between is seen as one of both.
        return !await ledger.BatchLines.AnyAsync(l => l.BatchId == id && l.State == LineState.Waiting, cancellationToken)
            && !await ledger.Edits.AnyAsync(e => e.BatchId != null && e.BatchId == id && e.CompletedAt == null, cancellationToken);
    }
}
