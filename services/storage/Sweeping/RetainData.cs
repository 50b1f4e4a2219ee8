using FlexEdit.Storage.Assets;
using FlexEdit.Storage.Batches;
using FlexEdit.Storage.Edits;
using FlexEdit.Storage.Hosting;
using FlexEdit.Storage.Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FlexEdit.Storage.Sweeping;

/// <summary>Removes what has been kept long enough, and finishes removals that a crash interrupted.</summary>
internal sealed class RetainData(
    RemoveEditHandler remove, AssetRegister assets, BatchUpkeep batches, LedgerWriter writer, IDbContextFactory<LedgerContext> ledgers, ILedgerDatabase database, IOptions<StorageOptions> rules)
{
    private const int Batch = 100;

    /// <summary>One pass.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        long now;
        List<string> old, expired;
        await using (var ledger = await ledgers.CreateDbContextAsync(cancellationToken))
        {
            now = await database.NowAsync(ledger, cancellationToken);
            old = await ledger.Edits.Where(e => e.RemoveAfter <= now).OrderBy(e => e.RemoveAfter).Select(e => e.Id).Take(Batch).ToListAsync(cancellationToken);
            expired = await ledger.Assets.Where(a => a.ExpiresAt <= now).OrderBy(a => a.ExpiresAt).Select(a => a.Id).Take(Batch).ToListAsync(cancellationToken);
        }
        foreach (var id in old)
            await remove.HandleAsync(tenant: null, id, expired: true, cancellationToken);
        foreach (var id in expired)
            await assets.ExpireAsync(id, cancellationToken);
        await batches.RetainAsync(cancellationToken);
        await remove.FinishAsync(cancellationToken);
        var forgotten = now - rules.Value.Memory.Ticks;
        var keptSince = now - rules.Value.IdempotencyRetention.Ticks;
        await writer.WriteAsync(
            change => change.Ledger.IdempotencyKeys.Where(k => k.CreatedAt <= keptSince).ExecuteDeleteAsync(cancellationToken),
            cancellationToken);
        await writer.WriteAsync(
            change => change.Ledger.Removed.Where(r => r.RemovedAt <= forgotten && r.ObjectsRemoved).ExecuteDeleteAsync(cancellationToken),
            cancellationToken);
    }
}
