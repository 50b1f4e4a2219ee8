using FlexEdit.Storage.Hosting;
using FlexEdit.Storage.Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FlexEdit.Storage.Usage;

/// <summary>Adds the entries of single edits to their days, and forgets days that have been kept long enough. One storage process at a time; the others do not wait.</summary>
internal sealed class FoldUsage(LedgerWriter writer, IDbContextFactory<LedgerContext> ledgers, IOptions<StorageOptions> rules)
{
    private const int Batch = 1000;

    /// <summary>Folds all there is. Returns how many entries that was.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var all = 0;
        await using var ledger = await ledgers.CreateDbContextAsync(cancellationToken);
        while (await ledger.UsageEntries.AnyAsync(cancellationToken))
        {
            var folded = await writer.WriteAsync(change => FoldAsync(change, cancellationToken), cancellationToken);
            if (folded == 0)
                break;
            all += folded;
        }
        return all;
    }

    private async Task<int> FoldAsync(LedgerChange change, CancellationToken cancellationToken)
    {
        if (!await change.TryLockAsync("flexedit.usage"))
            return 0;
        var ledger = change.Ledger;
        var entries = await ledger.UsageEntries.OrderBy(e => e.EditId).Take(Batch).ToListAsync(cancellationToken);
        foreach (var group in entries.GroupBy(e => (e.Tenant, e.Day, e.Model)))
        {
            var (tenant, day, model) = group.Key;
            var row = await ledger.Usage.FindAsync([tenant, day, model], cancellationToken);
            if (row is null)
                ledger.Usage.Add(row = new UsageRow { Tenant = tenant, Day = day, Model = model });
            row.Edits += group.Sum(e => (long)e.Edits);
            row.Pixels += group.Sum(e => e.Pixels);
            row.ModelMs += group.Sum(e => e.ModelMs);
        }
        ledger.UsageEntries.RemoveRange(entries);
        var before = UsageDays.Of(change.Now - rules.Value.UsageRetention.Ticks);
        await ledger.Usage.Where(u => u.Day < before).ExecuteDeleteAsync(cancellationToken);
        return entries.Count;
    }
}
