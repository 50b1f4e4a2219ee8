using FlexEdit.Platform.Problems;
using FlexEdit.Storage.Ledger;
using Microsoft.EntityFrameworkCore;

namespace FlexEdit.Storage.Webhooks.Endpoints;

/// <summary>Reads the log of deliveries.</summary>
internal sealed class DeliveryReader(IDbContextFactory<LedgerContext> ledgers, WebhookRegister webhooks)
{
    /// <summary>At most <paramref name="limit"/> deliveries of an endpoint (<c>default</c>: of URLs that edits named), newest first, older than <paramref name="after"/>; and whether there are more.</summary>
    /// <exception cref="ProblemException">404: no such endpoint.</exception>
    public async Task<(IReadOnlyList<DeliveryView> Deliveries, bool HasMore)> ListAsync(
        string tenant, string webhook, string? state, string? after, int limit, CancellationToken cancellationToken)
    {
        var id = webhook == WebhookSecretRow.Default ? null : (await webhooks.GetAsync(tenant, webhook, cancellationToken)).Id;
        await using var ledger = await ledgers.CreateDbContextAsync(cancellationToken);
        var deliveries = ledger.Deliveries.AsNoTracking().Where(d => d.Tenant == tenant && d.WebhookId == id);
        if (state is not null)
            deliveries = deliveries.Where(d => d.State == state);
        if (after is not null)
            deliveries = deliveries.Where(d => d.Id.CompareTo(after) < 0);
        var page = await deliveries.OrderByDescending(d => d.Id).Take(limit + 1).ToListAsync(cancellationToken);
        return (await ViewsAsync(ledger, [.. page.Take(limit)], cancellationToken), page.Count > limit);
    }

    /// <summary>A delivery.</summary>
    /// <exception cref="ProblemException">404.</exception>
    public async Task<DeliveryView> GetAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(cancellationToken);
        var row = await ledger.Deliveries.AsNoTracking().SingleOrDefaultAsync(d => d.Id == id && d.Tenant == tenant, cancellationToken) ?? throw NoSuch(id);
        return (await ViewsAsync(ledger, [row], cancellationToken))[0];
    }

    /// <summary>404 for a delivery.</summary>
    public static ProblemException NoSuch(string id) => Platform.Problems.NoSuch.Named("delivery", id);

    private static async Task<IReadOnlyList<DeliveryView>> ViewsAsync(LedgerContext ledger, IReadOnlyList<DeliveryRow> rows, CancellationToken cancellationToken)
    {
        var ids = rows.Select(d => d.Id).ToArray();
        var attempts = (await ledger.DeliveryAttempts.AsNoTracking().Where(a => ids.Contains(a.DeliveryId)).ToListAsync(cancellationToken)).ToLookup(a => a.DeliveryId);
        return [.. rows.Select(row => DeliveryView.Of(row, attempts[row.Id]))];
    }
}
