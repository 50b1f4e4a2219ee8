using FlexEdit.Storage.Ledger;
using Microsoft.EntityFrameworkCore;

namespace FlexEdit.Storage.Usage;

/// <summary>Reads what a tenant used.</summary>
internal sealed class UsageReader(IDbContextFactory<LedgerContext> ledgers)
{
    /// <summary>Per day and model, both days included, oldest first; days without usage are left out.</summary>
    public async Task<IReadOnlyList<UsageView>> ReadAsync(string tenant, int from, int to, CancellationToken cancellationToken)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(cancellationToken);
        // One statement, so that an entry that is just being folded counts once.
        var days = ledger.Usage.Where(u => u.Tenant == tenant && u.Day >= from && u.Day <= to)
            .Select(u => new { u.Day, u.Model, u.Edits, u.Pixels, u.ModelMs });
        var entries = ledger.UsageEntries.Where(e => e.Tenant == tenant && e.Day >= from && e.Day <= to)
            .Select(e => new { e.Day, e.Model, Edits = (long)e.Edits, e.Pixels, e.ModelMs });
        var sums = await days.Concat(entries).GroupBy(u => new { u.Day, u.Model })
            .Select(group => new { group.Key.Day, group.Key.Model, Edits = group.Sum(u => u.Edits), Pixels = group.Sum(u => u.Pixels), ModelMs = group.Sum(u => u.ModelMs) })
            .OrderBy(u => u.Day).ThenBy(u => u.Model).ToListAsync(cancellationToken);
        return [.. sums.Select(u => new UsageView(UsageDays.Text(u.Day), u.Model, u.Edits, u.Pixels, Math.Round(u.ModelMs / 1000, 3)))];
    }
}
