using FlexEdit.Storage.Hosting;
using FlexEdit.Storage.Ledger;
using FlexEdit.Storage.Webhooks.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FlexEdit.Storage.Webhooks.Delivering;

/// <summary>Around the sending: what a dead process held, what is old, and what an operator wants to see.</summary>
internal sealed class DeliveryUpkeep(
    LedgerWriter writer, IDbContextFactory<LedgerContext> ledgers, ILedgerDatabase database, DeliveryMetrics metrics,
    IOptions<WebhookOptions> options, IOptions<StorageOptions> storage)
{
    private const int Batch = 1000;

    /// <summary>At the start of a ledger's only owner: what the last process was sending is sent again at once, not after its lease.</summary>
    public Task TakeOverAsync(CancellationToken cancellationToken) =>
        storage.Value is not { SoleOwner: true, Database: StorageOptions.Sqlite } ? Task.CompletedTask : writer.WriteAsync(
            change => change.Ledger.Deliveries.Where(d => d.State == DeliveryState.Pending && d.TakenBy != null).ExecuteUpdateAsync(
                d => d.SetProperty(x => x.TakenBy, (string?)null).SetProperty(x => x.NextAttemptAt, change.Now), cancellationToken),
            cancellationToken);

    /// <summary>Removes what has been kept long enough.</summary>
    public async Task ForgetOldAsync(CancellationToken cancellationToken)
    {
        var removed = Batch;
        while (removed == Batch)
        {
            removed = await writer.WriteAsync(
                async change =>
                {
                    var before = change.Now - options.Value.Retention.Ticks;
                    var old = await change.Ledger.WebhookMessages.Where(m => m.CreatedAt <= before).OrderBy(m => m.CreatedAt).Select(m => m.Id).Take(Batch).ToListAsync(cancellationToken);
                    await change.Ledger.WebhookMessages.Where(m => old.Contains(m.Id)).ExecuteDeleteAsync(cancellationToken);
                    await change.Ledger.WebhookSecrets.Where(s => s.ExpiresAt <= before).ExecuteDeleteAsync(cancellationToken);
                    return old.Count;
                },
                cancellationToken);
        }
    }

    /// <summary>Brings the gauges up to date.</summary>
    public async Task MeasureAsync(CancellationToken cancellationToken)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(cancellationToken);
        var now = await database.NowAsync(ledger, cancellationToken);
        var waiting = await ledger.Deliveries.Where(d => d.State == DeliveryState.Pending).GroupBy(d => d.WebhookId)
            .Select(group => new { group.Key, Count = group.LongCount(), Oldest = group.Min(d => d.CreatedAt) }).ToListAsync(cancellationToken);
        metrics.Show([.. waiting.Select(w => new DeliveryMetrics.Waiting(w.Key, w.Count, TimeSpan.FromTicks(Math.Max(0, now - w.Oldest))))]);
    }
}
