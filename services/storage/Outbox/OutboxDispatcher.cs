using FlexEdit.Storage.Hosting;
using FlexEdit.Storage.Ledger;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FlexEdit.Storage.Outbox;

/// <summary>
/// Sends what was committed: takes a batch of due rows, sends them, deletes them. A crash in between sends some twice, never none.
/// Rows that cannot be sent step back with growing gaps, so that they hold up nobody.
/// </summary>
internal sealed partial class OutboxDispatcher(
    LedgerWriter writer, IDbContextFactory<LedgerContext> ledgers, OutboxSignal signal, IBusControl bus, IOptions<StorageOptions> options, TimeProvider time,
    ILogger<OutboxDispatcher> log) : BackgroundService
{
    private const int Batch = 64;
    private static readonly TimeSpan TakenFor = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestGap = TimeSpan.FromMinutes(5);

    /// <summary>Sends every due message once. Returns how many were taken.</summary>
    public async Task<int> SendDueAsync(CancellationToken cancellationToken)
    {
        var all = 0;
        while (true)
        {
            var taken = await TakeAsync(cancellationToken);
            if (taken.Count == 0)
                return all;
            all += taken.Count;
            var sent = new List<long>();
            foreach (var message in taken)
            {
                if (await SendAsync(message, cancellationToken))
                    sent.Add(message.Id);
            }
            await writer.WriteAsync(change => change.Ledger.Outbox.Where(m => sent.Contains(m.Id)).ExecuteDeleteAsync(CancellationToken.None), CancellationToken.None);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await bus.WaitForHealthStatus(BusHealthStatus.Healthy, stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = options.Value.OutboxInterval;
            try
            {
                await SendDueAsync(stoppingToken);
                if (await UntilNextAsync(stoppingToken) is var next && next < pause)
                    pause = next;
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                LogTrouble(error);
            }
            await signal.WaitAsync(pause, time, stoppingToken);
        }
    }

    private async Task<List<OutboxRow>> TakeAsync(CancellationToken cancellationToken)
    {
        if (await UntilNextAsync(cancellationToken) > TimeSpan.Zero)
            return [];
        var batch = Guid.CreateVersion7().ToString("n");
        return await writer.WriteAsync(
            async change =>
            {
                var due = await change.Ledger.Outbox.Where(m => m.SendAfter <= change.Now).OrderBy(m => m.SendAfter).ThenBy(m => m.Id)
                    .Select(m => m.Id).Take(Batch).ToListAsync(cancellationToken);
                // Only rows that are still due: where writers overlap, another dispatcher may have been faster.
                await change.Ledger.Outbox.Where(m => due.Contains(m.Id) && m.SendAfter <= change.Now).ExecuteUpdateAsync(
                    row => row.SetProperty(m => m.TakenBy, batch)
                        .SetProperty(m => m.SendAfter, change.Now + TakenFor.Ticks)
                        .SetProperty(m => m.Takes, m => m.Takes + 1),
                    cancellationToken);
                return await change.Ledger.Outbox.AsNoTracking().Where(m => due.Contains(m.Id) && m.TakenBy == batch).OrderBy(m => m.Id)
                    .ToListAsync(cancellationToken);
            },
            cancellationToken);
    }

    private async Task<bool> SendAsync(OutboxRow row, CancellationToken cancellationToken)
    {
        try
        {
            using var timeout = new CancellationTokenSource(SendTimeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            var (message, endpoint) = OutboxKinds.Read(row.Kind, row.Body);
            if (endpoint is null)
                await bus.Publish(message, either.Token);
            else
                await (await bus.GetSendEndpoint(Platform.Bus.BusEndpoints.AddressOf(endpoint))).Send(message, either.Token);
            return true;
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotSent(error, row.Kind, row.EditId, row.Takes);
            var later = time.GetUtcNow().UtcTicks + Math.Min(LongestGap.Ticks, TimeSpan.TicksPerSecond << Math.Min(row.Takes, 20));
            await writer.WriteAsync(
                change => change.Ledger.Outbox.Where(m => m.Id == row.Id).ExecuteUpdateAsync(r => r.SetProperty(m => m.SendAfter, later), cancellationToken),
                cancellationToken);
            return false;
        }
    }

    // Until the next row is due (a retry's command waits in the outbox for its time); zero when one is due now.
    private async Task<TimeSpan> UntilNextAsync(CancellationToken cancellationToken)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(cancellationToken);
        return await ledger.Outbox.MinAsync(m => (long?)m.SendAfter, cancellationToken) is { } next
            ? TimeSpan.FromTicks(Math.Max(0, next - time.GetUtcNow().UtcTicks))
            : TimeSpan.MaxValue;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The outbox could not be read; it is tried again.")]
    private partial void LogTrouble(Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Kind} of edit {EditId} could not be sent (take {Takes}); it is tried again.")]
    private partial void LogNotSent(Exception error, string kind, string editId, int takes);
}
