using FlexEdit.Contracts.Tenants;
using FlexEdit.Storage.Hosting;
using FlexEdit.Storage.Ledger;
using FlexEdit.Storage.Webhooks.Delivering;
using FlexEdit.Storage.Webhooks.Hosting;
using Microsoft.Extensions.Options;

namespace FlexEdit.Storage.Tenants;

/// <summary>
/// The quota of requests that all gateways share, in one row a tenant. A request lasts a minute divided by the limit; requests follow one
/// another, and <see cref="TenantRow.PaidUntil"/> is when the last one taken is over. It may lie a minute ahead and no more: so a quiet tenant
/// may send a minute's requests at once, and then goes at its pace (GCRA, the token bucket kept as a time).
/// </summary>
internal sealed class RequestQuota(
    LedgerWriter writer, TenantRegister tenants, IOptions<StorageOptions> storage, IOptions<WebhookOptions> webhooks) : ITenantQuota
{
    private const long Window = TimeSpan.TicksPerMinute;

    /// <inheritdoc/>
    public async Task<RequestGrant> TakeAsync(string tenant, int wanted, CancellationToken cancellationToken)
    {
        var limits = (await tenants.StateAsync(tenant, cancellationToken)).Limits;
        if (limits.RequestsPerMinute == 0)
            return new RequestGrant { Granted = wanted, Remaining = 0, ResetAfter = TimeSpan.Zero, Limits = limits };
        return await writer.WriteAsync(
            async change =>
            {
                var row = await TenantRegister.FindOrAddAsync(change, tenant, cancellationToken);
                var each = Window / limits.RequestsPerMinute;
                var paid = Math.Max(row.PaidUntil, change.Now);
                // Never negative: a limit that was raised or lowered meanwhile is about requests to come.
                var room = (int)Math.Max(0, (change.Now + Window - paid) / each);
                var granted = Math.Min(wanted, room);
                if (granted > 0)
                {
                    row.PaidUntil = paid + (granted * each);
                    row.Version++;
                }
                return new RequestGrant
                {
                    Granted = granted,
                    Remaining = room - granted,
                    ResetAfter = TimeSpan.FromTicks(granted > 0 ? row.PaidUntil - change.Now : paid + each - Window - change.Now),
                    Limits = limits,
                };
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<StorageLimits> LimitsAsync(string tenant, CancellationToken cancellationToken)
    {
        var (edits, hooks) = (storage.Value, webhooks.Value);
        return new StorageLimits
        {
            Tenant = (await tenants.StateAsync(tenant, cancellationToken)).Limits,
            Edits = new EditLimits(
                edits.MaxAttempts, edits.Lease.TotalSeconds, edits.QueueDeadline.TotalSeconds, edits.RunDeadline.TotalSeconds, edits.ApprovalDeadline.TotalSeconds),
            Retention = new RetentionLimits(
                edits.Retention.TotalSeconds, edits.IdempotencyRetention.TotalSeconds, hooks.Retention.TotalSeconds, edits.UsageRetention.TotalSeconds),
            Webhooks = new WebhookLimits(
                hooks.PerTenant, hooks.Timeout.TotalSeconds, [.. RetrySchedule.Gaps.Select(gap => gap.TotalSeconds)], hooks.DisableAfter.TotalSeconds,
                hooks.RotationOverlap.TotalSeconds),
        };
    }
}
