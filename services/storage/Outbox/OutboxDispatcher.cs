using System.Diagnostics;
using FlexEdit.Platform.Bus;
using FlexEdit.Storage.Hosting;
using FlexEdit.Storage.Ledger;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FlexEdit.Storage.Outbox;

/// <summary>
/// Sends what was committed: what this process has just committed, side by side, and now and then whatever is due in the outbox; rows whose message
/// the transport has taken are deleted. A crash in between sends some twice, never none. Rows that cannot be sent step back with growing gaps, so
/// that they hold up nobody; while the broker is away nothing is taken at all.
/// </summary>
internal sealed partial class OutboxDispatcher(
    LedgerWriter writer, IDbContextFactory<LedgerContext> ledgers, ILedgerDatabase database, FreshMessages fresh, IBusControl bus, ICommandSender commands,
    IOptions<StorageOptions> options, TimeProvider time, ILogger<OutboxDispatcher> log) : BackgroundService
{
    private const int Batch = 64;
    private static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestGap = TimeSpan.FromMinutes(5);

    /// <summary>Sends every due message once. Returns how many were taken.</summary>
    public async Task<int> SendDueAsync(CancellationToken cancellationToken)
    {
        var all = await SendFreshAsync(cancellationToken);
        for (var more = true; more && IsBusThere;)
        {
            var taken = await TakeAsync(cancellationToken);
            more = taken.Count == Batch;
            all += taken.Count;
            await SendAsync(taken, cancellationToken);
        }
        return all;
    }

    /// <inheritdoc/>
    /// <remarks>What is not sent by then is due at once for the other processes.</remarks>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await writer.StatementAsync(
                ledger => ledger.Outbox.Where(m => m.TakenBy == fresh.TakenBy).ExecuteUpdateAsync(row => row.SetProperty(m => m.SendAfter, 0L), cancellationToken),
                cancellationToken);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            LogTrouble(error); // They are due in a few seconds anyway.
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (looked, pause) = (0L, TimeSpan.Zero);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var sent = await SendFreshAsync(stoppingToken);
                if (fresh.UntilLater() is { } later && time.GetElapsedTime(looked) + later < pause)
                    pause = time.GetElapsedTime(looked) + later;
                // While there is much to send, the outbox is looked at by the clock alone.
                if (sent == 0 || time.GetElapsedTime(looked) >= pause)
                {
                    (looked, pause) = (time.GetTimestamp(), options.Value.OutboxInterval);
                    await SendDueAsync(stoppingToken);
                    if (IsBusThere && await UntilNextAsync(stoppingToken) is var next && next < pause)
                        pause = next;
                }
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                LogTrouble(error);
                (looked, pause) = (time.GetTimestamp(), options.Value.OutboxInterval);
            }
            var rest = pause - time.GetElapsedTime(looked);
            await fresh.WaitAsync(rest > TimeSpan.Zero ? rest : TimeSpan.Zero, stoppingToken);
        }
    }

    private bool IsBusThere => bus.CheckHealth().Status != BusHealthStatus.Unhealthy;

    private async Task<int> SendFreshAsync(CancellationToken cancellationToken)
    {
        var all = 0;
        while (IsBusThere && fresh.Next(Batch) is { Count: > 0 } rows)
        {
            all += rows.Count;
            await SendAsync(rows, cancellationToken);
        }
        return all;
    }

    private async Task SendAsync(List<OutboxRow> rows, CancellationToken cancellationToken)
    {
        var outcomes = await Task.WhenAll(rows.Select(message => SendAsync(message, cancellationToken)));
        var sent = rows.Where((_, i) => outcomes[i]).Select(message => message.Id).ToArray();
        if (sent.Length > 0)
            await writer.StatementAsync(ledger => ledger.Outbox.Where(m => sent.Contains(m.Id)).ExecuteDeleteAsync(CancellationToken.None), CancellationToken.None);
    }

    private Task<List<OutboxRow>> TakeAsync(CancellationToken cancellationToken)
    {
        var batch = Guid.CreateVersion7().ToString("n");
        return writer.StatementAsync(ledger => database.TakeDueAsync(ledger, null, FreshMessages.TakenFor, batch, Batch, cancellationToken), cancellationToken);
    }

    private async Task<bool> SendAsync(OutboxRow row, CancellationToken cancellationToken)
    {
        // Off the caller's thread: reading a message must not delay the sending of the others.
        await Task.Yield();
        using var trace = TraceContext.Continue($"send {row.Kind}", row.TraceParent, OutboxKinds.IsCommand(row.Kind) ? ActivityKind.Producer : null);
        trace?.SetTag("edit_id", row.EditId);
        try
        {
            using var timeout = new CancellationTokenSource(SendTimeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            var (message, endpoint) = OutboxKinds.Read(row.Kind, row.Body);
            await (endpoint is null ? bus.Publish(message, either.Token) : commands.SendAsync(endpoint, message, either.Token)).WaitAsync(either.Token);
            return true;
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotSent(error, row.Kind, row.EditId, row.Takes);
            // What is wrong with the broker is not the row's fault.
            var gap = !IsBusThere
                ? TimeSpan.TicksPerSecond
                : Math.Min(LongestGap.Ticks, TimeSpan.TicksPerSecond << Math.Min(row.Takes, 20));
            await writer.WriteAsync(
                change => change.Ledger.Outbox.Where(m => m.Id == row.Id).ExecuteUpdateAsync(r => r.SetProperty(m => m.SendAfter, change.Now + gap), cancellationToken),
                cancellationToken);
            return false;
        }
    }

    // Until the next row is due (a retry's command waits in the outbox for its time); zero when one is due now.
    private async Task<TimeSpan> UntilNextAsync(CancellationToken cancellationToken)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(cancellationToken);
        return await ledger.Outbox.MinAsync(m => (long?)m.SendAfter, cancellationToken) is { } next
            ? TimeSpan.FromTicks(Math.Max(0, next - await database.NowAsync(ledger, cancellationToken)))
            : TimeSpan.MaxValue;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The outbox could not be read; it is tried again.")]
    private partial void LogTrouble(Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Kind} of edit {EditId} could not be sent (take {Takes}); it is tried again.")]
    private partial void LogNotSent(Exception error, string kind, string editId, int takes);
}
