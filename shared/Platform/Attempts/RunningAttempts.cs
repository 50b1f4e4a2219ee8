using System.Collections.Concurrent;
using FlexEdit.Contracts.Ledger;

namespace FlexEdit.Platform.Attempts;

/// <summary>The attempts that this process holds, so that a cancel finds the one that it names. Thread-safe.</summary>
public sealed class RunningAttempts
{
    private const int RememberedCancels = 256;

    private readonly ConcurrentDictionary<(string Edit, int Attempt), RunningAttempt> _running = new();
    private readonly ConcurrentQueue<(string Edit, int Attempt)> _canceled = new();

    /// <summary>How many there are.</summary>
    public int Count => _running.Count;

    /// <summary>Asks an attempt to let go. Does nothing where this process does not hold it.</summary>
    public void Cancel(string editId, int attempt)
    {
        // Remembered first: the request may overtake the answer to the claim.
        _canceled.Enqueue((editId, attempt));
        while (_canceled.Count > RememberedCancels)
            _canceled.TryDequeue(out _);
        if (_running.TryGetValue((editId, attempt), out var found))
            found.Stop(AttemptStop.Canceled);
    }

    internal RunningAttempt Add(AttemptGrant grant)
    {
        var attempt = new RunningAttempt(grant);
        _running[KeyOf(grant)] = attempt;
        if (_canceled.Contains(KeyOf(grant)))
            attempt.Stop(AttemptStop.Canceled);
        return attempt;
    }

    internal void Remove(RunningAttempt attempt)
    {
        _running.TryRemove(KeyValuePair.Create(KeyOf(attempt.Grant), attempt));
        attempt.Dispose();
    }

    private static (string, int) KeyOf(AttemptGrant grant) => (grant.Attempt.EditId, grant.Attempt.Attempt);
}
