using FlexEdit.Contracts.Errors;
using FlexEdit.Platform.Problems;
using FlexEdit.Storage.Ledger;
using Microsoft.EntityFrameworkCore;

namespace FlexEdit.Storage.Webhooks.Endpoints;

/// <summary>Sends again what was sent, given up or skipped: the same bytes under the same ids, with the whole schedule before them.</summary>
internal sealed class ReplayDeliveries(LedgerWriter writer)
{
    /// <summary>One delivery. One that waits for its next attempt is due at once.</summary>
    /// <exception cref="ProblemException">404; 409: the endpoint is disabled.</exception>
    public Task OneAsync(string tenant, string id, CancellationToken cancellationToken) => writer.WriteAsync(
        async change =>
        {
            var delivery = await change.Ledger.Deliveries.AsNoTracking().SingleOrDefaultAsync(d => d.Id == id && d.Tenant == tenant, cancellationToken) ?? throw DeliveryReader.NoSuch(id);
            if (delivery.WebhookId is not null)
                CheckEnabled(await WebhookRegister.FindAsync(change, tenant, delivery.WebhookId, cancellationToken));
            await AgainAsync(change, change.Ledger.Deliveries.Where(d => d.Id == id), delivery.Lane, cancellationToken);
        },
        cancellationToken);

    /// <summary>All deliveries of an endpoint whose events happened from <paramref name="since"/> to <paramref name="until"/> (UTC ticks, inclusive). Returns how many.</summary>
    /// <exception cref="ProblemException">404; 409: the endpoint is disabled.</exception>
    public Task<int> RangeAsync(string tenant, string webhook, long since, long? until, CancellationToken cancellationToken) => writer.WriteAsync(
        async change =>
        {
            CheckEnabled(await WebhookRegister.FindAsync(change, tenant, webhook, cancellationToken));
            var end = until ?? change.Now;
            var range = change.Ledger.Deliveries.Where(d => d.Tenant == tenant && d.WebhookId == webhook && d.CreatedAt >= since && d.CreatedAt <= end && d.Event != Events.WebhookEvents.Test);
            return await AgainAsync(change, range, webhook, cancellationToken);
        },
        cancellationToken);

    private static async Task<int> AgainAsync(LedgerChange change, IQueryable<DeliveryRow> deliveries, string lane, CancellationToken cancellationToken)
    {
        // What is just being sent goes on by itself.
        var count = await deliveries.Where(d => d.TakenBy == null).ExecuteUpdateAsync(
            d => d.SetProperty(x => x.State, DeliveryState.Pending).SetProperty(x => x.NextAttemptAt, (long?)null).SetProperty(x => x.NotBefore, (long?)null)
                .SetProperty(x => x.Failures, 0).SetProperty(x => x.EndedAt, (long?)null),
            cancellationToken);
        // The first of each subject is due; the others follow it in their order.
        var all = change.Ledger.Deliveries;
        await all.Where(d => d.Lane == lane && d.State == DeliveryState.Pending && d.NextAttemptAt == null
                && !all.Any(e => e.Lane == d.Lane && e.State == DeliveryState.Pending && e.Subject == d.Subject && e.Sequence < d.Sequence))
            .ExecuteUpdateAsync(d => d.SetProperty(x => x.NextAttemptAt, change.Now), cancellationToken);
        change.NoteDeliveries();
        return count;
    }

    private static void CheckEnabled(WebhookRow webhook)
    {
        if (!webhook.Enabled)
            throw new ProblemException(new Problem { Status = 409, Code = ErrorCodes.Conflict, Detail = "The webhook is disabled; enable it first (PATCH with \"enabled\": true)." });
    }
}
