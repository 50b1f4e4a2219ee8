using FlexEdit.Storage.Ledger;
using Microsoft.EntityFrameworkCore;

namespace FlexEdit.Storage.Webhooks.Delivering;

/// <summary>Reads what it takes to send deliveries that were taken.</summary>
internal sealed class LoadOutgoing(IDbContextFactory<LedgerContext> ledgers, ILedgerDatabase database)
{
    /// <summary>
    /// The messages in the order of <paramref name="taken"/>; null where there is nothing to send any more: the endpoint was removed, or disabled
    /// in the moment in which the event happened.
    /// </summary>
    public async Task<IReadOnlyList<Outgoing?>> RunAsync(IReadOnlyList<DeliveryRow> taken, CancellationToken cancellationToken)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(cancellationToken);
        var now = await database.NowAsync(ledger, cancellationToken);
        var (messageIds, webhookIds, tenants) = (Distinct(d => d.MessageId), Distinct(d => d.WebhookId), Distinct(d => d.Tenant));
        var owners = webhookIds.Append(WebhookSecretRow.Default).ToArray();
        var bodies = await ledger.WebhookMessages.Where(m => messageIds.Contains(m.Id)).ToDictionaryAsync(m => m.Id, m => m.Body, cancellationToken);
        var webhooks = await ledger.Webhooks.AsNoTracking().Where(w => webhookIds.Contains(w.Id)).ToDictionaryAsync(w => w.Id, cancellationToken);
        var secrets = (await ledger.WebhookSecrets.AsNoTracking()
                .Where(s => tenants.Contains(s.Tenant) && owners.Contains(s.Owner) && (s.ExpiresAt == null || s.ExpiresAt > now))
                .ToListAsync(cancellationToken))
            .ToLookup(s => (s.Tenant, s.Owner));
        var subjects = Distinct(d => d.Subject);
        var traces = await ledger.Edits.Where(e => subjects.Contains(e.Id)).ToDictionaryAsync(e => e.Id, e => e.TraceParent, cancellationToken);
        return [.. taken.Select(delivery => Of(delivery))];

        string[] Distinct(Func<DeliveryRow, string?> of) => [.. taken.Select(of).OfType<string>().Distinct()];

        Outgoing? Of(DeliveryRow delivery)
        {
            var webhook = delivery.WebhookId is { } id ? webhooks.GetValueOrDefault(id) : null;
            var url = delivery.Url ?? (webhook is { } found && (found.Enabled || delivery.Event == Events.WebhookEvents.Test) ? found.Url : null);
            if (url is null || bodies.GetValueOrDefault(delivery.MessageId) is not { } body)
                return null;
            // The newest first.
            var keys = secrets[(delivery.Tenant, delivery.WebhookId ?? WebhookSecretRow.Default)].OrderByDescending(s => s.Number).Select(s => s.Secret).ToArray();
            return new Outgoing(delivery.Id, delivery.TakenBy!, delivery.WebhookId, delivery.Lane, url, delivery.MessageId, body, keys, traces.GetValueOrDefault(delivery.Subject));
        }
    }
}
