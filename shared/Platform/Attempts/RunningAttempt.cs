using FlexEdit.Contracts.Ledger;

namespace FlexEdit.Platform.Attempts;

/// <summary>An attempt that this process holds. Thread-safe.</summary>
public sealed class RunningAttempt : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private AttemptStop? _reason;
    private double _modelMs;
    private int _stepsRun;

    internal RunningAttempt(AttemptGrant grant)
    {
        Grant = grant;
        Stopping = _stop.Token;
    }

    /// <summary>What the ledger granted.</summary>
    public AttemptGrant Grant { get; }

    /// <summary>Cancelled when the work has to stop; <see cref="Reason"/> says why.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>Why the work has to stop; null while it may go on. The first reason stays.</summary>
    public AttemptStop? Reason
    {
        get
        {
            lock (_gate)
                return _reason;
        }
    }

    /// <summary>Sampling steps run so far, over all results.</summary>
    public int StepsRun => Volatile.Read(ref _stepsRun);

    /// <summary>Milliseconds spent inside the model so far; a batch's time is shared among its edits.</summary>
    public double ModelMs
    {
        get
        {
            lock (_gate)
                return _modelMs;
        }
    }

    /// <summary>A key for something that this attempt stores: no other attempt can overwrite it.</summary>
    /// <param name="name">Lower-case name with its extension.</param>
    public string ObjectKey(string name) =>
        $"{Grant.ObjectPrefix}/{Grant.Attempt.Stage}-{Grant.Attempt.Attempt}/{name}";

    /// <summary>Adds to the receipt.</summary>
    public void Count(int steps, double modelMs)
    {
        Interlocked.Add(ref _stepsRun, steps);
        lock (_gate)
            _modelMs += modelMs;
    }

    internal void Stop(AttemptStop reason)
    {
        lock (_gate)
        {
            if (_reason is not null)
                return;
            _reason = reason;
        }
        _stop.Cancel();
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();
}
