using FlexEdit.Storage.Ledger;
using FlexEdit.Storage.Webhooks.Events;
using Microsoft.EntityFrameworkCore;

namespace FlexEdit.Storage.Webhooks.Delivering;

/// <summary>Writes down what came of an attempt, and what comes next. Only who holds the delivery is believed.</summary>
internal sealed class RecordAttempt(LedgerWriter writer, EndpointHealth health)
{
    /// <summary>The attempt was made. Without an outcome there was nothing to send any more.</summary>
    public Task RunAsync(string deliveryId, string takenBy, SendOutcome? outcome, CancellationToken cancellationToken) => writer.WriteAsync(
        async change =>
        {
            var delivery = await change.Ledger.Deliveries.SingleOrDefaultAsync(d => d.Id == deliveryId && d.TakenBy == takenBy, cancellationToken);
            if (delivery is null)
                return;
            delivery.TakenBy = null;
            if (outcome is null)
                End(change, delivery, DeliveryState.Skipped);
            else
                Note(change, delivery, outcome);
            // Who waits behind it is looked for after the row is written: see PostEvents.
            await change.Ledger.SaveChangesAsync(cancellationToken);
            if (outcome is not null && delivery.Event != WebhookEvents.Test)
                await health.NoteAsync(change, delivery, outcome, cancellationToken);
            if (delivery.EndedAt is not null)
                await ReleaseNextAsync(change, delivery, cancellationToken);
        },
        cancellationToken);

    /// <summary>Nothing was sent, or it is not known whether: to be sent after <paramref name="wait"/>.</summary>
    public Task PutBackAsync(string deliveryId, string takenBy, TimeSpan wait, CancellationToken cancellationToken) => writer.WriteAsync(
        change => change.Ledger.Deliveries.Where(d => d.Id == deliveryId && d.TakenBy == takenBy).ExecuteUpdateAsync(
            d => d.SetProperty(x => x.TakenBy, (string?)null).SetProperty(x => x.NextAttemptAt, change.Now + wait.Ticks), cancellationToken),
        cancellationToken);

    private static void Note(LedgerChange change, DeliveryRow delivery, SendOutcome outcome)
    {
        delivery.Attempts++;
        change.Ledger.DeliveryAttempts.Add(new DeliveryAttemptRow
        {
            DeliveryId = delivery.Id,
            Number = delivery.Attempts,
            At = change.Now - outcome.Latency.Ticks,
            Status = outcome.Status,
            LatencyMs = (int)outcome.Latency.TotalMilliseconds,
            Response = outcome.Response,
            Error = outcome.Error,
        });
        if (outcome.IsSuccess)
        {
            End(change, delivery, DeliveryState.Delivered);
            return;
        }
        delivery.Failures++;
        if (outcome.IsGone || RetrySchedule.After(delivery.Failures) is not { } gap)
        {
            End(change, delivery, DeliveryState.Failed);
            return;
        }
        delivery.NotBefore = outcome.RetryAfter is { } asked ? change.Now + asked.Ticks : null;
        delivery.NextAttemptAt = Math.Max(change.Now + gap.Ticks, delivery.NotBefore ?? 0);
    }

    private static void End(LedgerChange change, DeliveryRow delivery, string state) =>
        (delivery.State, delivery.NextAttemptAt, delivery.EndedAt) = (state, null, change.Now);

    private static async Task ReleaseNextAsync(LedgerChange change, DeliveryRow ended, CancellationToken cancellationToken)
    {
        var first = await change.Ledger.Deliveries
            .Where(d => d.Lane == ended.Lane && d.Subject == ended.Subject && d.State == DeliveryState.Pending)
            .OrderBy(d => d.Sequence).FirstOrDefaultAsync(cancellationToken);
        if (first is { NextAttemptAt: null })
        {
            first.NextAttemptAt = change.Now;
            change.NoteDeliveries();
        }
    }
}
