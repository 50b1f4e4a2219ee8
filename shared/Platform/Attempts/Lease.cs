namespace FlexEdit.Platform.Attempts;

/// <summary>The worker's view of its lease: counted from before the call that won it, so that it never ends later here than in the ledger.</summary>
internal sealed class Lease : IDisposable
{
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _end;

    public Lease(TimeSpan length, long askedAt, TimeProvider time)
    {
        (Length, _time) = (length, time);
        _end = new CancellationTokenSource(Left(askedAt), time);
        Lost = _end.Token;
    }

    /// <summary>Its length from one heartbeat.</summary>
    public TimeSpan Length { get; }

    /// <summary>Cancelled when it has run out.</summary>
    public CancellationToken Lost { get; }

    /// <summary>A heartbeat sent at <paramref name="askedAt"/> was answered.</summary>
    public void Extend(long askedAt) => _end.CancelAfter(Left(askedAt));

    public void Dispose() => _end.Dispose();

    private TimeSpan Left(long askedAt)
    {
        var left = Length - _time.GetElapsedTime(askedAt);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
