using FlexEdit.Contracts.Ledger;
using Microsoft.Extensions.Logging;

namespace FlexEdit.Platform.Attempts;

/// <summary>
/// Repeats calls to the ledger with growing, jittered gaps, so that its restart loses nothing. Every call is safe
/// to repeat: writes are fenced by the attempt number.
/// </summary>
internal sealed partial class LedgerCalls(IAttemptLedger ledger, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan FirstGap = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestGap = TimeSpan.FromSeconds(5);

    /// <summary>Calls until there is an answer or <paramref name="giveUp"/> is cancelled.</summary>
    /// <exception cref="OperationCanceledException">No answer in time.</exception>
    public async Task<T> RepeatAsync<T>(string name, TimeSpan callTimeout, Func<IAttemptLedger, CancellationToken, Task<T>> call, CancellationToken giveUp)
    {
        for (var failures = 0; ; failures++)
        {
            giveUp.ThrowIfCancellationRequested();
            using var timeout = new CancellationTokenSource(callTimeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, giveUp);
            try
            {
                return await call(ledger, either.Token).ConfigureAwait(false);
            }
            catch (Exception problem) when (!giveUp.IsCancellationRequested)
            {
                AttemptMetrics.CallFailed(name);
                LogFailure(name, failures + 1, problem);
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                // It failed by itself in the very moment in which it was given up.
                throw new OperationCanceledException($"The ledger call {name} was given up.", problem, giveUp);
            }
            await Task.Delay(Gap(failures), time, giveUp).ConfigureAwait(false);
        }
    }

    private static TimeSpan Gap(int failures)
    {
        var longest = Math.Min(LongestGap.TotalMilliseconds, FirstGap.TotalMilliseconds * Math.Pow(2, Math.Min(failures, 20)));
        // Full jitter would allow no gap at all; half of it keeps workers apart without a storm.
#pragma warning disable CA5394 // Not a secret: only spreads retries.
        return TimeSpan.FromMilliseconds(longest * (0.5 + (Random.Shared.NextDouble() / 2)));
#pragma warning restore CA5394
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Ledger call {Call} failed {Failures} time(s); it is repeated.")]
    private partial void LogFailure(string call, int failures, Exception problem);
}
