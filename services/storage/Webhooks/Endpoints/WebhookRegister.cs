using FlexEdit.Contracts;
using FlexEdit.Contracts.Errors;
using FlexEdit.Platform.Problems;
using FlexEdit.Storage.Ledger;
using FlexEdit.Storage.Webhooks.Delivering;
using FlexEdit.Storage.Webhooks.Events;
using FlexEdit.Storage.Webhooks.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FlexEdit.Storage.Webhooks.Endpoints;

/// <summary>Makes, finds, changes and removes endpoints of one tenant; another tenant's do not exist.</summary>
internal sealed class WebhookRegister(LedgerWriter writer, IDbContextFactory<LedgerContext> ledgers, IOptions<WebhookOptions> options, TimeProvider time)
{
    /// <summary>Makes an endpoint; the answer holds its secret.</summary>
    /// <exception cref="ProblemException">422: too many.</exception>
    public async Task<WebhookView> CreateAsync(string tenant, string url, string? events, CancellationToken cancellationToken)
    {
        // Drawn before the transaction: done twice it is the same endpoint.
        var (id, secret) = (Ids.NewWebhook(time), Signature.NewSecret());
        var webhook = await writer.WriteAsync(
            async change =>
            {
                if (await change.Ledger.Webhooks.FindAsync([id], cancellationToken) is { } made)
                    return made;
                if (await change.Ledger.Webhooks.CountAsync(w => w.Tenant == tenant, cancellationToken) >= options.Value.PerTenant)
                    throw new ProblemException(Problem.Unprocessable(ErrorCodes.WebhookLimit, $"There are {options.Value.PerTenant} endpoints already; delete one first."));
                var row = new WebhookRow { Id = id, Tenant = tenant, Url = url, Events = events ?? WebhookEvents.All, Enabled = true, CreatedAt = change.Now };
                change.Ledger.Webhooks.Add(row);
                WebhookSecrets.AddFirst(change, tenant, id, secret);
                return row;
            },
            cancellationToken);
        return WebhookView.Of(webhook) with { Secret = secret };
    }

    /// <summary>An endpoint.</summary>
    /// <exception cref="ProblemException">404.</exception>
    public async Task<WebhookView> GetAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(cancellationToken);
        return WebhookView.Of(await ledger.Webhooks.AsNoTracking().SingleOrDefaultAsync(w => w.Id == id && w.Tenant == tenant, cancellationToken) ?? throw NoSuch(id));
    }

    /// <summary>At most <paramref name="limit"/> endpoints, newest first, older than <paramref name="after"/>; and whether there are more.</summary>
    public async Task<(IReadOnlyList<WebhookView> Webhooks, bool HasMore)> ListAsync(string tenant, string? after, int limit, CancellationToken cancellationToken)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(cancellationToken);
        var webhooks = ledger.Webhooks.AsNoTracking().Where(w => w.Tenant == tenant);
        if (after is not null)
            webhooks = webhooks.Where(w => w.Id.CompareTo(after) < 0);
        var page = await webhooks.OrderByDescending(w => w.Id).Take(limit + 1).ToListAsync(cancellationToken);
        return ([.. page.Take(limit).Select(WebhookView.Of)], page.Count > limit);
    }

    /// <summary>Changes what is given. Enabling forgets earlier failures; disabling skips what was to be sent.</summary>
    /// <exception cref="ProblemException">404.</exception>
    public async Task<WebhookView> ChangeAsync(string tenant, string id, string? url, string? events, bool? enabled, CancellationToken cancellationToken) => WebhookView.Of(await writer.WriteAsync(
        async change =>
        {
            var webhook = await FindAsync(change, tenant, id, cancellationToken);
            (webhook.Url, webhook.Events) = (url ?? webhook.Url, events ?? webhook.Events);
            if (enabled is { } wanted && wanted != webhook.Enabled)
            {
                webhook.Enabled = wanted;
                (webhook.DisabledReason, webhook.FailingSince, webhook.WarnedAt) = (null, null, null);
                if (!wanted)
                    await EndpointHealth.SkipAsync(change, id, cancellationToken);
            }
            webhook.Version++;
            return webhook;
        },
        cancellationToken));

    /// <summary>Removes an endpoint with its secrets and the log of its deliveries.</summary>
    /// <exception cref="ProblemException">404.</exception>
    public Task RemoveAsync(string tenant, string id, CancellationToken cancellationToken) => writer.WriteAsync(
        async change =>
        {
            change.Ledger.Webhooks.Remove(await FindAsync(change, tenant, id, cancellationToken));
            await change.Ledger.WebhookSecrets.Where(s => s.Tenant == tenant && s.Owner == id).ExecuteDeleteAsync(cancellationToken);
            await change.Ledger.Deliveries.Where(d => d.Tenant == tenant && d.WebhookId == id).ExecuteDeleteAsync(cancellationToken);
        },
        cancellationToken);

    /// <summary>The row of an endpoint inside a transaction.</summary>
    /// <exception cref="ProblemException">404.</exception>
    public static async Task<WebhookRow> FindAsync(LedgerChange change, string tenant, string id, CancellationToken cancellationToken) =>
        await change.Ledger.Webhooks.SingleOrDefaultAsync(w => w.Id == id && w.Tenant == tenant, cancellationToken) ?? throw NoSuch(id);

    /// <summary>404 for an endpoint.</summary>
    public static ProblemException NoSuch(string id) => Platform.Problems.NoSuch.Named("webhook", id);
}
