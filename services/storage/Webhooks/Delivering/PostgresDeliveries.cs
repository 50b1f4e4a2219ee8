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
            WITH RECURSIVE lanes(lane) AS (
              (SELECT "Lane" FROM deliveries WHERE "State" = 'pending' ORDER BY "Lane" LIMIT 1)
              UNION ALL
              SELECT (SELECT "Lane" FROM deliveries WHERE "State" = 'pending' AND "Lane" > lane ORDER BY "Lane" LIMIT 1) FROM lanes WHERE lane IS NOT NULL),
            due AS MATERIALIZED (
              SELECT (SELECT "Id" FROM deliveries WHERE "State" = 'pending' AND "Lane" = lane AND "NextAttemptAt" <= {now}
                      ORDER BY "NextAttemptAt", "Id" LIMIT 1 FOR UPDATE SKIP LOCKED) AS id
              FROM lanes WHERE lane IS NOT NULL AND lane <> ALL ({skip}) LIMIT {limit})
            UPDATE deliveries SET "TakenBy" = {takenBy}, "NextAttemptAt" = {takenUntil} FROM due WHERE deliveries."Id" = due.id
            RETURNING deliveries.*
            """).AsNoTracking().ToListAsync(cancellationToken);
    }
}
