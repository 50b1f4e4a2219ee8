using System.Diagnostics;
using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Ledger;
using FlexEdit.Platform.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FlexEdit.Platform.Attempts;

/// <summary>
/// What every worker does around its work: (1) claim an attempt at the ledger, (2) keep its lease alive, (3) run the
/// work until it is done or has to stop, (4) tell the ledger how it ended. Calls to the ledger are repeated while the
/// lease lives. No instruction, answer or picture gets into the log.
/// </summary>
public sealed partial class AttemptRunner
{
    private static readonly TimeSpan s_hearOut = TimeSpan.FromSeconds(2);
    private readonly RunningAttempts _running;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly TimeProvider _time;
    private readonly AttemptOptions _options;
    private readonly ILogger _logger;
    private readonly LedgerCalls _calls;

    /// <summary>Made by dependency injection.</summary>
    public AttemptRunner(
        IAttemptLedger ledger, RunningAttempts running, IHostApplicationLifetime lifetime, TimeProvider time,
        IOptions<AttemptOptions> options, ILogger<AttemptRunner> logger)
    {
        (_running, _lifetime, _time, _options, _logger) = (running, lifetime, time, options.Value, logger);
        _calls = new LedgerCalls(ledger, time, logger);
    }

    /// <summary>Works on an edit's stage if there is something to do; returns when this process has let go of it. Never throws for a failed edit.</summary>
    /// <returns>False: it could not be found out whether there is something to do, so somebody else should look.</returns>
    public async Task<bool> RunAsync(string editId, string stage, AttemptWork work)
    {
        // 1. Claim.
        var askedAt = _time.GetTimestamp();
        var (looked, granted) = await ClaimAsync(editId, stage).ConfigureAwait(false);
        if (granted is not { } grant)
            return looked;
        using var scope = _logger.BeginScope(new Dictionary<string, object>
        {
            ["edit_id"] = editId,
            ["stage"] = stage,
            ["attempt"] = grant.Attempt.Attempt,
        });
        using var span = Tracing.Start($"attempt {stage}");
        span?.SetTag("edit_id", editId).SetTag("attempt", grant.Attempt.Attempt).SetTag("model", grant.Model);
        LogStarted(editId, stage, grant.Attempt.Attempt);
        var attempt = _running.Add(grant);
        AttemptMetrics.Began(stage);
        var ended = "broken";
        try
        {
            // 2. Lease, deadline and shutdown watch the work.
            using var lease = new Lease(grant.Lease, askedAt, _time);
            using var deadline = new CancellationTokenSource(grant.RunDeadline, _time);
            using var late = deadline.Token.Register(() => attempt.Stop(AttemptStop.DeadlineExceeded));
            using var drained = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _time);
            using var letGo = drained.Token.Register(() => attempt.Stop(AttemptStop.ShuttingDown));
            using var leaving = _lifetime.ApplicationStopping.Register(() =>
            {
                if (_options.DrainFor == TimeSpan.Zero)
                    attempt.Stop(AttemptStop.ShuttingDown);
                else
                    drained.CancelAfter(_options.DrainFor);
            });
            await using var heartbeat = new Heartbeat(attempt, lease, _calls, _time);

            // 3. Work, and 4. tell.
            var outcome = ended = await WorkAsync(attempt, work, lease).ConfigureAwait(false);
            span?.SetTag("outcome", outcome);
            LogEnded(editId, stage, grant.Attempt.Attempt, outcome, _time.GetElapsedTime(askedAt).TotalMilliseconds, attempt.ModelMs);
        }
        finally
        {
            AttemptMetrics.Ended(stage, ended);
            _running.Remove(attempt);
        }
        return true;
    }

    private async Task<(bool Looked, AttemptGrant? Grant)> ClaimAsync(string editId, string stage)
    {
        if (_lifetime.ApplicationStopping.IsCancellationRequested)
            return (false, null);
        using var giveUp = new CancellationTokenSource(_options.ClaimPatience, _time);
        // A claim that is being answered is heard, so that what it grants is given back and not lost.
        using var leaving = _lifetime.ApplicationStopping.Register(() => giveUp.CancelAfter(s_hearOut));
        try
        {
            var claim = new ClaimAttempt { EditId = editId, Stage = stage, Worker = _options.Name, ClaimId = Guid.CreateVersion7().ToString("n") };
            return (true, await _calls.RepeatAsync("claim", _options.ClaimPatience, (ledger, token) => ledger.ClaimAsync(claim, token), giveUp.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
        {
            LogNotClaimed(editId, stage);
            return (false, null);
        }
    }

    private async Task<string> WorkAsync(RunningAttempt attempt, AttemptWork work, Lease lease)
    {
        EditError error;
        try
        {
            var finish = await work(attempt).ConfigureAwait(false);
            if (await TellAsync("finish", attempt, lease, finish.Invoke).ConfigureAwait(false))
                return "finished";
            return await DroppedAsync(attempt, lease).ConfigureAwait(false);
        }
        catch (Exception problem) when (attempt.Reason is { } reason)
        {
            if (problem is not OperationCanceledException)
                LogFailedStopping(attempt.Grant.Attempt.EditId, problem);
            return await StoppedAsync(attempt, lease, reason).ConfigureAwait(false);
        }
        catch (Exception problem)
        {
            // Whatever happens to one edit must not end the worker.
            error = AttemptErrors.Of(problem);
            LogFailed(attempt.Grant.Attempt.EditId, attempt.Grant.Attempt.Stage, attempt.Grant.Attempt.Attempt, error.Code, problem);
        }
        return await FailAsync(attempt, lease, error).ConfigureAwait(false);
    }

    // The ledger did not take the result. The one case with more to say is a cancel that came while the result was on its way.
    private async Task<string> DroppedAsync(RunningAttempt attempt, Lease lease)
    {
        var answer = await TellAsync("heartbeat", attempt, lease, (ledger, token) => ledger.HeartbeatAsync(attempt.Grant.Attempt, token)).ConfigureAwait(false);
        return answer is { Cancel: true } ? await ReleaseAsync(attempt, lease, canceled: true).ConfigureAwait(false) : "dropped";
    }

    private Task<string> StoppedAsync(RunningAttempt attempt, Lease lease, AttemptStop reason) => reason switch
    {
        AttemptStop.Canceled => ReleaseAsync(attempt, lease, canceled: true),
        AttemptStop.ShuttingDown => ReleaseAsync(attempt, lease, canceled: false),
        AttemptStop.DeadlineExceeded => FailAsync(attempt, lease, AttemptErrors.DeadlineExceeded(attempt.Grant.RunDeadline)),
        AttemptStop.Superseded => Task.FromResult("superseded"),
        AttemptStop.LeaseLost => Task.FromResult("lease lost"),
        _ => throw new UnreachableException(),
    };

    private async Task<string> FailAsync(RunningAttempt attempt, Lease lease, EditError error)
    {
        var failed = new AttemptFailed { Attempt = attempt.Grant.Attempt, Error = error };
        var told = await TellAsync("fail", attempt, lease, (ledger, token) => ledger.FailAsync(failed, token)).ConfigureAwait(false);
        return told ? $"failed: {error.Code}" : await DroppedAsync(attempt, lease).ConfigureAwait(false);
    }

    private async Task<string> ReleaseAsync(RunningAttempt attempt, Lease lease, bool canceled)
    {
        var released = new AttemptReleased
        {
            Attempt = attempt.Grant.Attempt,
            Canceled = canceled,
            StepsRun = attempt.StepsRun,
            ModelMs = attempt.ModelMs,
        };
        await TellAsync("release", attempt, lease, (ledger, token) => ledger.ReleaseAsync(released, token)).ConfigureAwait(false);
        return canceled ? "canceled" : "given back";
    }

    // Repeats a call until there is an answer; the type's default when the lease ends before.
    private async Task<T?> TellAsync<T>(string name, RunningAttempt attempt, Lease lease, Func<IAttemptLedger, CancellationToken, Task<T>> call)
    {
        try
        {
            return await _calls.RepeatAsync(name, lease.Length / 3, call, lease.Lost).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (lease.Lost.IsCancellationRequested)
        {
            attempt.Stop(AttemptStop.LeaseLost);
            return default;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Edit {EditId}: {Stage} attempt {Attempt} started.")]
    private partial void LogStarted(string editId, string stage, int attempt);

    [LoggerMessage(Level = LogLevel.Information, Message = "Edit {EditId}: {Stage} attempt {Attempt} {Outcome} after {ElapsedMs:0} ms ({ModelMs:0} ms in the model).")]
    private partial void LogEnded(string editId, string stage, int attempt, string outcome, double elapsedMs, double modelMs);

    [LoggerMessage(Level = LogLevel.Error, Message = "Edit {EditId}: {Stage} attempt {Attempt} failed: {Code}.")]
    private partial void LogFailed(string editId, string stage, int attempt, string code, Exception problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Edit {EditId}: the work failed while it was being stopped.")]
    private partial void LogFailedStopping(string editId, Exception problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Edit {EditId}: {Stage} was not claimed because the ledger did not answer or this worker is stopping.")]
    private partial void LogNotClaimed(string editId, string stage);
}
