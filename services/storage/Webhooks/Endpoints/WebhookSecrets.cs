using FlexEdit.Storage.Ledger;
using FlexEdit.Storage.Webhooks.Delivering;
using FlexEdit.Storage.Webhooks.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FlexEdit.Storage.Webhooks.Endpoints;

/// <summary>What messages are signed with: one secret an endpoint, and one of the tenant for URLs that edits name themselves; two during a rotation.</summary>
internal sealed class WebhookSecrets(LedgerWriter writer, IOptions<WebhookOptions> options)
{
    /// <summary>The tenant's secret for URLs that edits name themselves; made when it is wanted for the first time.</summary>
    public Task<string> DefaultAsync(string tenant, CancellationToken cancellationToken) => writer.WriteAsync(
        change => EnsureDefaultAsync(change, tenant, cancellationToken), cancellationToken);

    /// <summary>The same, inside a transaction.</summary>
    public static async Task<string> EnsureDefaultAsync(LedgerChange change, string tenant, CancellationToken cancellationToken) =>
        await NewestAsync(change, tenant, WebhookSecretRow.Default, cancellationToken) is { } known
            ? known.Secret
            : Add(change, tenant, WebhookSecretRow.Default, 1, Signature.NewSecret()).Secret;

    /// <summary>Makes the first secret of an endpoint.</summary>
    public static void AddFirst(LedgerChange change, string tenant, string owner, string secret) => Add(change, tenant, owner, 1, secret);

    /// <summary>Makes a new secret; messages are signed with the old one too until the overlap has passed. Null: no such owner.</summary>
    public Task<string?> RotateAsync(string tenant, string owner, TimeSpan? overlap, CancellationToken cancellationToken)
    {
        // Drawn before the transaction: done twice it is the same secret.
        var secret = Signature.NewSecret();
        return writer.WriteAsync(
            async change =>
            {
                if (owner == WebhookSecretRow.Default)
                    await EnsureDefaultAsync(change, tenant, cancellationToken);
                await change.Ledger.SaveChangesAsync(cancellationToken);
                if (await NewestAsync(change, tenant, owner, cancellationToken) is not { } newest)
                    return null;
                if (newest.Secret == secret)
                    return secret;
                // Whoever rotates again within the overlap wants the oldest to go.
                await change.Ledger.WebhookSecrets.Where(s => s.Tenant == tenant && s.Owner == owner && s.Number < newest.Number)
                    .ExecuteUpdateAsync(s => s.SetProperty(x => x.ExpiresAt, change.Now), cancellationToken);
                newest.ExpiresAt = change.Now + (overlap ?? options.Value.RotationOverlap).Ticks;
                Add(change, tenant, owner, newest.Number + 1, secret);
                return secret;
            },
            cancellationToken);
    }

    private static Task<WebhookSecretRow?> NewestAsync(LedgerChange change, string tenant, string owner, CancellationToken cancellationToken) =>
        change.Ledger.WebhookSecrets.Where(s => s.Tenant == tenant && s.Owner == owner).OrderByDescending(s => s.Number).FirstOrDefaultAsync(cancellationToken);

    private static WebhookSecretRow Add(LedgerChange change, string tenant, string owner, int number, string secret)
    {
        var row = new WebhookSecretRow { Tenant = tenant, Owner = owner, Number = number, Secret = secret, CreatedAt = change.Now };
        change.Ledger.WebhookSecrets.Add(row);
        return row;
    }
}
