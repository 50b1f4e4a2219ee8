using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Edits;
using FlexEdit.Platform.Predictions;
using FlexEdit.Storage.Ledger;
using FlexEdit.Storage.Reads;
using FlexEdit.Storage.Webhooks.Endpoints;
using Microsoft.EntityFrameworkCore;

namespace FlexEdit.Storage.Webhooks.Events;

/// <summary>
/// Puts messages and their deliveries into the transaction in which the event happens, so that none is lost and none tells of what was never
/// committed. A message about an edit holds the job as it is in that transaction.
/// </summary>
internal sealed class PostEvents(JobViews views, PredictionMaker predictions, TimeProvider time)
{
    /// <summary>Posts what happened to edits in this transaction.</summary>
    public async Task PostAsync(LedgerChange change, CancellationToken cancellationToken)
    {
        foreach (var (edit, @event, sequence) in change.Occurred)
        {
            var targets = await TargetsAsync(change, edit.Tenant, @event, except: null, cancellationToken);
            var own = edit.Webhook is { } url && WebhookEvents.Wants(edit.WebhookEvents ?? WebhookEvents.All, @event)
                ? new Target(null, url, LaneOf(edit.Tenant, url), Enabled: true)
                : null;
            if (targets.Count == 0 && own is null)
                continue;
            if (change.Ledger.Entry(edit).State != EntityState.Added)
                await change.Ledger.Entry(edit).Collection(e => e.Attempts).LoadAsync(cancellationToken);
            var job = await views.OfAsync(edit, cancellationToken);
            // The edit's own URL is told in the words in which it was named.
            if (own is not null && edit.DoorJson is not null)
                await PostAsync(change, NewMessage(change, edit.Tenant, @event, edit.Id, PredictionOf(edit, job)), edit.Id, sequence, [own], cancellationToken);
            else if (own is not null)
                targets.Add(own);
            if (targets.Count > 0)
                await PostAsync(change, NewMessage(change, edit.Tenant, @event, edit.Id, Envelope(change, @event, job)), edit.Id, sequence, targets, cancellationToken);
        }
    }

    /// <summary>Tells a tenant's other endpoints what became of one.</summary>
    public async Task PostAboutAsync(LedgerChange change, WebhookRow webhook, string @event, CancellationToken cancellationToken)
    {
        var targets = await TargetsAsync(change, webhook.Tenant, @event, except: webhook.Id, cancellationToken);
        if (targets.Count > 0)
            await PostAsync(
                change, NewMessage(change, webhook.Tenant, @event, webhook.Id, Envelope(change, @event, WebhookView.Of(webhook))), webhook.Id, change.Now, targets, cancellationToken);
    }

    /// <summary>A message that is sent at once and only once, by whoever asked for it.</summary>
    public DeliveryRow PostTest(LedgerChange change, WebhookRow webhook, string takenBy, long takenUntil, int failures)
    {
        var message = NewMessage(change, webhook.Tenant, WebhookEvents.Test, webhook.Id, Envelope(change, WebhookEvents.Test, WebhookView.Of(webhook)));
        var delivery = NewDelivery(change, message, message.Id, 0, new Target(webhook.Id, null, webhook.Id, Enabled: true));
        (delivery.TakenBy, delivery.NextAttemptAt, delivery.Failures) = (takenBy, takenUntil, failures);
        return delivery;
    }

    private static async Task<List<Target>> TargetsAsync(LedgerChange change, string tenant, string @event, string? except, CancellationToken cancellationToken)
    {
        var webhooks = await change.Ledger.Webhooks.AsNoTracking().Where(w => w.Tenant == tenant && w.Id != except).OrderBy(w => w.Id).ToListAsync(cancellationToken);
        return [.. webhooks.Where(w => WebhookEvents.Wants(w.Events, @event)).Select(w => new Target(w.Id, null, w.Id, w.Enabled))];
    }

    private async Task PostAsync(
        LedgerChange change, WebhookMessageRow message, string subject, long sequence, IReadOnlyList<Target> targets, CancellationToken cancellationToken)
    {
        foreach (var target in targets)
        {
            // Whoever ends the earlier one writes the same row, so that either it sees the new one or the new one sees its end.
            var waits = target.Enabled && await change.Ledger.Deliveries
                .Where(d => d.Lane == target.Lane && d.Subject == subject && d.State == DeliveryState.Pending)
                .ExecuteUpdateAsync(d => d.SetProperty(x => x.Followed, true), cancellationToken) > 0;
            var delivery = NewDelivery(change, message, subject, sequence, target);
            delivery.NextAttemptAt = target.Enabled && !waits ? change.Now : null;
            if (delivery.NextAttemptAt is not null)
                change.NoteDeliveries();
        }
    }

    private string PredictionOf(EditRow edit, JobView job)
    {
        var door = JsonSerializer.Deserialize<EditDoor>(edit.DoorJson!, ContractJson.Options)!;
        return JsonSerializer.Serialize(predictions.Make(edit.Tenant, JsonSerializer.Serialize(job, ContractJson.Options), door, door.Server), ContractJson.Options);
    }

    private static string Envelope(LedgerChange change, string @event, object data) =>
        JsonSerializer.Serialize(new { Type = @event, Timestamp = UtcTime.Of(change.Now), Data = data }, ContractJson.Options);

    private WebhookMessageRow NewMessage(LedgerChange change, string tenant, string @event, string subject, string body)
    {
        var message = new WebhookMessageRow
        {
            Id = Ids.NewMessage(time),
            Tenant = tenant,
            Subject = subject,
            Event = @event,
            Body = body,
            CreatedAt = change.Now,
        };
        change.Ledger.WebhookMessages.Add(message);
        return message;
    }

    private DeliveryRow NewDelivery(LedgerChange change, WebhookMessageRow message, string subject, long sequence, Target target)
    {
        var delivery = new DeliveryRow
        {
            Id = Ids.NewDelivery(time),
            Tenant = message.Tenant,
            WebhookId = target.WebhookId,
            Url = target.Url,
            Lane = target.Lane,
            MessageId = message.Id,
            Event = message.Event,
            Subject = subject,
            Sequence = sequence,
            State = target.Enabled ? DeliveryState.Pending : DeliveryState.Skipped,
            CreatedAt = change.Now,
            EndedAt = target.Enabled ? null : change.Now,
        };
        change.Ledger.Deliveries.Add(delivery);
        return delivery;
    }

    // Jobs that name URLs on the same server share its lane.
    private static string LaneOf(string tenant, string url) =>
        "url_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{tenant}\n{new Uri(url).GetLeftPart(UriPartial.Authority)}")).AsSpan(0, 16));

    private sealed record Target(string? WebhookId, string? Url, string Lane, bool Enabled);
}
