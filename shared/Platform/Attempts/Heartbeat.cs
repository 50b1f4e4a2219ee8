namespace FlexEdit.Platform.Attempts;

/// <summary>Keeps a lease alive while the work runs, and hears from the ledger whether it still counts.</summary>
internal sealed class Heartbeat : IAsyncDisposable
{
    private readonly CancellationTokenSource _end;
    private readonly CancellationTokenRegistration _afterStop;
    private readonly Task _loop;

    public Heartbeat(RunningAttempt attempt, Lease lease, LedgerCalls calls, TimeProvider time)
    {
        _end = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        // Work that does not let go must not hold its edit for ever: one more lease, then the sweeper takes it.
        _afterStop = attempt.Stopping.Register(() => _end.CancelAfter(lease.Length));
        _loop = RunAsync(attempt, lease, calls, time, _end.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _afterStop.DisposeAsync().ConfigureAwait(false);
        await _end.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        _end.Dispose();
    }

    private static async Task RunAsync(RunningAttempt attempt, Lease lease, LedgerCalls calls, TimeProvider time, CancellationToken end)
    {
        var gap = lease.Length / 3;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(end, lease.Lost);
        try
        {
            using var timer = new PeriodicTimer(gap, time);
            while (await timer.WaitForNextTickAsync(over.Token).ConfigureAwait(false))
            {
                var askedAt = 0L;
                var answer = await calls.RepeatAsync(
                    "heartbeat",
                    gap,
                    (ledger, token) =>
                    {
                        askedAt = time.GetTimestamp();
                        return ledger.HeartbeatAsync(attempt.Grant.Attempt, token);
                    },
                    over.Token).ConfigureAwait(false);
                if (answer.Cancel)
                    attempt.Stop(AttemptStop.Canceled);
                else if (!answer.Continue)
                    attempt.Stop(AttemptStop.Superseded);
                if (!answer.Continue && !answer.Cancel)
                    return;
                lease.Extend(askedAt);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            if (lease.Lost.IsCancellationRequested)
                attempt.Stop(AttemptStop.LeaseLost);
        }
    }
}
