using System.Collections.Concurrent;
using System.Diagnostics;
using FlexEdit.Platform.Bus;
using FlexEdit.Storage.Ledger;
using FlexEdit.Storage.Webhooks.Hosting;
using Microsoft.Extensions.Options;

namespace FlexEdit.Storage.Webhooks.Delivering;

/// <summary>
/// Sends due deliveries. A round takes at most one of each lane that has room, so that no endpoint's backlog stands before another's message;
/// rounds go on until nothing is due. What was taken is held by a lease: a process that dies while sending leaves it to the next one, which
/// sends it again under the same id.
/// </summary>
internal sealed partial class DeliveryDispatcher(
    LedgerWriter writer, ILedgerDatabase database, LoadOutgoing load, WebhookSender sender, SendingLanes lanes, RecordAttempt record,
    DeliveryUpkeep upkeep, DeliveryMetrics metrics, DeliverySignal signal, IOptions<WebhookOptions> options, TimeProvider time,
    ILogger<DeliveryDispatcher> log) : BackgroundService
{
    private static readonly TimeSpan LeastPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MeasureEvery = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ForgetEvery = TimeSpan.FromHours(1);
    private readonly ConcurrentDictionary<string, Task> _underWay = new();
    private DateTimeOffset _nextMeasure, _nextForget;

    /// <summary>What is being sent now.</summary>
    public IReadOnlyCollection<Task> UnderWay => [.. _underWay.Values];

    /// <summary>Takes at most one due delivery of each lane and begins to send. Returns how many.</summary>
    public async Task<int> BeginAsync(CancellationToken stop)
    {
        var room = options.Value.InFlight - _underWay.Count;
        if (room <= 0)
            return 0;
        lanes.ForgetIdle();
        var (full, takenBy) = (lanes.Full(), Guid.CreateVersion7().ToString("n"));
        var taken = await writer.WriteAsync(
            change => database.TakeDeliveriesAsync(change.Ledger, change.Now, change.Now + options.Value.Lease.Ticks, takenBy, full, room, stop), stop);
        var messages = taken.Count == 0 ? [] : await load.RunAsync(taken, stop);
        foreach (var (delivery, message) in taken.Zip(messages))
        {
            var lane = lanes.Of(delivery.Lane);
            lane.Enter();
            _underWay[delivery.Id] = SendAsync(delivery, message, lane, stop);
        }
        return taken.Count;
    }

    /// <summary>Sends all that is due, and what becomes due by that. Returns how many attempts were begun.</summary>
    public async Task<int> SendDueAsync(CancellationToken stop)
    {
        for (var all = 0; ;)
        {
            // What was under way before the look may have ended since, and so have made room that the look did not see.
            var before = UnderWay;
            var begun = await BeginAsync(stop);
            all += begun;
            if (begun > 0)
                continue;
            if (before.Count == 0)
                return all;
            await Task.WhenAny(before);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await TryAsync(upkeep.TakeOverAsync, stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            await TryAsync(
                async stop =>
                {
                    while (await BeginAsync(stop) > 0)
                    {
                    }
                    if (Reached(ref _nextMeasure, MeasureEvery))
                        await upkeep.MeasureAsync(stop);
                    if (Reached(ref _nextForget, ForgetEvery))
                        await upkeep.ForgetOldAsync(stop);
                },
                stoppingToken);
            await signal.WaitAsync(options.Value.Interval, time, stoppingToken);
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(_underWay.Values).WaitAsync(cancellationToken);
    }

    private bool Reached(ref DateTimeOffset next, TimeSpan every)
    {
        var now = time.GetUtcNow();
        if (now < next)
            return false;
        next = now + every;
        return true;
    }

    private async Task SendAsync(DeliveryRow delivery, Outgoing? message, SendingLane lane, CancellationToken stop)
    {
        await Task.Yield();
        using var span = TraceContext.Continue("webhook", message?.TraceParent, ActivityKind.Client);
        span?.SetTag("event", delivery.Event).SetTag("delivery_id", delivery.Id);
        try
        {
            var outcome = message is null ? null : await lane.SendAsync(token => sender.SendAsync(message, token), stop);
            if (message is not null && outcome is null)
            {
                // Not at once: the circuit tells of its opening a moment after it has opened.
                await record.PutBackAsync(delivery.Id, delivery.TakenBy!, lane.Pause > LeastPause ? lane.Pause : LeastPause, CancellationToken.None);
                return;
            }
            if (outcome is not null)
            {
                metrics.Note(delivery.WebhookId, outcome);
                span?.SetTag("http.response.status_code", outcome.Status);
                if (outcome is { IsSuccess: false, RetryAfter: { } wait })
                    lane.LeaveAlone(wait);
            }
            await record.RunAsync(delivery.Id, delivery.TakenBy!, outcome, CancellationToken.None);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await TryAsync(_ => record.PutBackAsync(delivery.Id, delivery.TakenBy!, TimeSpan.Zero, CancellationToken.None), CancellationToken.None);
        }
        catch (Exception problem)
        {
            // Its lease will run out.
            LogNotRecorded(problem, delivery.Id);
        }
        finally
        {
            lane.Leave();
            _underWay.TryRemove(delivery.Id, out _);
            signal.Ring();
        }
    }

    private async Task TryAsync(Func<CancellationToken, Task> work, CancellationToken stop)
    {
        try
        {
            await work(stop);
        }
        catch (Exception problem) when (!stop.IsCancellationRequested)
        {
            LogTrouble(problem);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Webhooks could not be looked at; it is tried again.")]
    private partial void LogTrouble(Exception problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "What came of delivery {DeliveryId} could not be recorded; it will be sent again.")]
    private partial void LogNotRecorded(Exception problem, string deliveryId);
}
