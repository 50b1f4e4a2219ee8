using System.Threading.Channels;
using FlexEdit.Contracts.Ledger;
using Xunit;

namespace FlexEdit.Tests.Unit.Attempts;

/// <summary>The real ledger behind a line that a test can cut, and on which it hears every call.</summary>
internal sealed class WatchedLedger(IAttemptLedger ledger) : IAttemptLedger
{
    private readonly Channel<string> _answered = Channel.CreateUnbounded<string>();

    /// <summary>Runs before each call, with its name; may throw.</summary>
    public Action<string> Before { get; set; } = _ => { };

    /// <summary>Runs after the ledger answered a call and before the worker hears it.</summary>
    public Func<string, Task> After { get; set; } = _ => Task.CompletedTask;

    public Task<AttemptGrant?> ClaimAsync(ClaimAttempt claim, CancellationToken cancellationToken) =>
        CallAsync("claim", () => ledger.ClaimAsync(claim, cancellationToken));

    public Task<HeartbeatAnswer> HeartbeatAsync(AttemptRef attempt, CancellationToken cancellationToken) =>
        CallAsync("heartbeat", () => ledger.HeartbeatAsync(attempt, cancellationToken));

    public Task<bool> FinishUnderstandingAsync(UnderstandingFinished finished, CancellationToken cancellationToken) =>
        CallAsync("finish", () => ledger.FinishUnderstandingAsync(finished, cancellationToken));

    public Task<bool> FinishGenerationAsync(GenerationFinished finished, CancellationToken cancellationToken) =>
        CallAsync("finish", () => ledger.FinishGenerationAsync(finished, cancellationToken));

    public Task<bool> FailAsync(AttemptFailed failed, CancellationToken cancellationToken) =>
        CallAsync("fail", () => ledger.FailAsync(failed, cancellationToken));

    public Task<bool> ReleaseAsync(AttemptReleased released, CancellationToken cancellationToken) =>
        CallAsync("release", () => ledger.ReleaseAsync(released, cancellationToken));

    /// <summary>Waits until the ledger has answered a call of this name.</summary>
    public async Task AnsweredAsync(string name)
    {
        while (await _answered.Reader.ReadAsync(TestContext.Current.CancellationToken) != name)
        {
        }
    }

    private async Task<T> CallAsync<T>(string name, Func<Task<T>> call)
    {
        Before(name);
        var answer = await call();
        await After(name);
        _answered.Writer.TryWrite(name);
        return answer;
    }
}
