using FlexEdit.Storage.Ledger;
using Microsoft.EntityFrameworkCore;

namespace FlexEdit.Storage.Webhooks.Delivering;

/// <summary>Takes due deliveries from a ledger in PostgreSQL, past those that another storage process is taking.</summary>
internal static class PostgresDeliveries
{
    /// <inheritdoc cref="ILedgerDatabase.TakeDeliveriesAsync"/>
    public static Task<List<DeliveryRow>> TakeAsync(
        LedgerContext ledger, long now, long takenUntil, string takenBy, IReadOnlyCollection<string> full, int limit, CancellationToken cancellationToken)
    {
        // From one lane to the next by the index, however many deliveries wait in each.
        var skip = full.ToArray();
        return ledger.Deliveries.FromSql(
            $"""
            WITH RECURSIVE lanes(found) AS (
              (SELECT "Lane" FROM deliveries WHERE "State" = 'pending' ORDER BY "Lane" LIMIT 1)
              UNION ALL
              SELECT (SELECT "Lane" FROM deliveries WHERE "State" = 'pending' AND "Lane" > found ORDER BY "Lane" LIMIT 1) FROM lanes WHERE found IS NOT NULL),
            due AS MATERIALIZED (
              SELECT id FROM (
                SELECT (SELECT "Id" FROM deliveries WHERE "State" = 'pending' AND "Lane" = found AND "NextAttemptAt" <= {now}
                        ORDER BY "NextAttemptAt", "Id" LIMIT 1 FOR UPDATE SKIP LOCKED) AS id
                FROM lanes WHERE found IS NOT NULL AND found <> ALL ({skip}) OFFSET 0) AS first
              WHERE id IS NOT NULL LIMIT {limit})
            UPDATE deliveries SET "TakenBy" = {takenBy}, "NextAttemptAt" = {takenUntil} FROM due WHERE deliveries."Id" = due.id
            RETURNING deliveries.*
            """).AsNoTracking().ToListAsync(cancellationToken);
    }
}
