using FlexEdit.Storage.Ledger;
using FlexEdit.Storage.Webhooks.Events;
using FlexEdit.Storage.Webhooks.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FlexEdit.Storage.Webhooks.Delivering;

/// <summary>Decides from attempts whether an endpoint is well, failing or to be disabled.</summary>
internal sealed class EndpointHealth(PostEvents post, IOptions<WebhookOptions> options)
{
    // The fourth failure comes more than half an hour after the first.
    private const int FailuresToWarn = 4;

    /// <summary>Notes what came of an attempt, inside the transaction that records it.</summary>
    public async Task NoteAsync(LedgerChange change, DeliveryRow delivery, SendOutcome outcome, CancellationToken cancellationToken)
    {
        var webhook = delivery.WebhookId is null ? null : await change.Ledger.Webhooks.FindAsync([delivery.WebhookId], cancellationToken);
        if (outcome.IsSuccess)
        {
            if (webhook is null or { FailingSince: not null })
                await HurryAsync(change, delivery.Lane, cancellationToken);
            if (webhook is { FailingSince: not null })
            {
                (webhook.FailingSince, webhook.WarnedAt) = (null, null);
                webhook.Version++;
            }
            return;
        }
        if (webhook is not { Enabled: true })
        {
            if (webhook is null && outcome.IsGone)
                await EndAsync(change, change.Ledger.Deliveries.Where(d => d.Lane == delivery.Lane && d.Subject == delivery.Subject), DeliveryState.Failed, cancellationToken);
            return;
        }
        await NoteFailureAsync(change, webhook, delivery, outcome, cancellationToken);
    }

    /// <summary>Stops sending to an endpoint: what was to be sent is skipped, and a replay sends it.</summary>
    public static Task SkipAsync(LedgerChange change, string webhookId, CancellationToken cancellationToken) => EndAsync(
        change, change.Ledger.Deliveries.Where(d => d.Lane == webhookId && d.Event != WebhookEvents.Test), DeliveryState.Skipped, cancellationToken);

    private async Task NoteFailureAsync(LedgerChange change, WebhookRow webhook, DeliveryRow delivery, SendOutcome outcome, CancellationToken cancellationToken)
    {
        var (began, warned) = (webhook.FailingSince is null, webhook.WarnedAt is null);
        webhook.FailingSince ??= change.Now;
        var over = change.Now - webhook.FailingSince >= options.Value.DisableAfter.Ticks;
        if (warned && !outcome.IsGone && (over || delivery.Failures >= FailuresToWarn))
        {
            webhook.WarnedAt = change.Now;
            await post.PostAboutAsync(change, webhook, WebhookEvents.Failing, cancellationToken);
        }
        if (outcome.IsGone || over)
        {
            webhook.Enabled = false;
            webhook.DisabledReason = outcome.IsGone ? "The endpoint answered 410 Gone." : $"Nothing but failures since {UtcTime.Of(webhook.FailingSince.Value):u}.";
            await SkipAsync(change, webhook.Id, cancellationToken);
            await post.PostAboutAsync(change, webhook, WebhookEvents.Disabled, cancellationToken);
        }
        if (began || warned != webhook.WarnedAt is null || !webhook.Enabled)
            webhook.Version++;
    }

    // The endpoint is back: what failed before need not wait for its time, except where it asked for that.
    private static async Task HurryAsync(LedgerChange change, string lane, CancellationToken cancellationToken)
    {
        var now = change.Now;
        await change.Ledger.Deliveries
            .Where(d => d.Lane == lane && d.State == DeliveryState.Pending && d.NextAttemptAt > now && d.TakenBy == null)
            .ExecuteUpdateAsync(d => d.SetProperty(x => x.NextAttemptAt, x => x.NotBefore > now ? x.NotBefore : now), cancellationToken);
    }

    private static Task EndAsync(LedgerChange change, IQueryable<DeliveryRow> deliveries, string state, CancellationToken cancellationToken)
    {
        var now = change.Now;
        return deliveries.Where(d => d.State == DeliveryState.Pending).ExecuteUpdateAsync(
            d => d.SetProperty(x => x.State, state).SetProperty(x => x.NextAttemptAt, (long?)null).SetProperty(x => x.TakenBy, (string?)null).SetProperty(x => x.EndedAt, now),
            cancellationToken);
    }
}
