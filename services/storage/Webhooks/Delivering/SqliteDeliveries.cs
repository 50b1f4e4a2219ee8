using System.Text.Json;
using FlexEdit.Storage.Ledger;
using Microsoft.EntityFrameworkCore;

namespace FlexEdit.Storage.Webhooks.Delivering;

/// <summary>Takes due deliveries from a ledger in SQLite, whose transaction has the file for itself.</summary>
internal static class SqliteDeliveries
{
    /// <inheritdoc cref="ILedgerDatabase.TakeDeliveriesAsync"/>
    public static async Task<List<DeliveryRow>> TakeAsync(
        LedgerContext ledger, long now, long takenUntil, string takenBy, IReadOnlyCollection<string> full, int limit, CancellationToken cancellationToken)
    {
        // From one lane to the next by the index, however many deliveries wait in each.
        var skip = JsonSerializer.Serialize(full);
        var due = await ledger.Database.SqlQuery<string?>(
            $"""
            WITH RECURSIVE lanes(found) AS (
              SELECT min("Lane") FROM deliveries WHERE "State" = 'pending'
              UNION ALL
              SELECT (SELECT min("Lane") FROM deliveries WHERE "State" = 'pending' AND "Lane" > found) FROM lanes WHERE found IS NOT NULL)
            SELECT (SELECT "Id" FROM deliveries WHERE "State" = 'pending' AND "Lane" = found AND "NextAttemptAt" <= {now} ORDER BY "NextAttemptAt", "Id" LIMIT 1) AS "Value"
            FROM lanes WHERE found IS NOT NULL AND found NOT IN (SELECT value FROM json_each({skip}))
            """).ToListAsync(cancellationToken);
        var ids = due.OfType<string>().Take(limit).ToArray();
        if (ids.Length == 0)
            return [];
        await ledger.Deliveries.Where(d => ids.Contains(d.Id)).ExecuteUpdateAsync(
            d => d.SetProperty(x => x.TakenBy, takenBy).SetProperty(x => x.NextAttemptAt, takenUntil), cancellationToken);
        return await ledger.Deliveries.AsNoTracking().Where(d => ids.Contains(d.Id)).ToListAsync(cancellationToken);
    }
}
