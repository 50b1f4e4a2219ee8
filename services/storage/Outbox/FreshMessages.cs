using System.Collections.Concurrent;
using FlexEdit.Storage.Ledger;

namespace FlexEdit.Storage.Outbox;

/// <summary>
/// Messages that this process has just committed, on their way to its dispatcher. In the outbox they count as taken by it, so that nothing has to be
/// read to send them; those that it drops, or takes with it when it is killed, are due for every dispatcher after <see cref="TakenFor"/>.
/// </summary>
internal sealed class FreshMessages(TimeProvider time)
{
    /// <summary>How long a message counts as taken.</summary>
    public static readonly TimeSpan TakenFor = TimeSpan.FromSeconds(10);

    private const int Most = 4096;
    private static readonly TimeSpan Stale = TakenFor / 2;
    private readonly string _process = Guid.CreateVersion7().ToString("n");
    private readonly ConcurrentQueue<(OutboxRow Row, long At)> _fresh = new();
    private readonly WakeSignal _signal = new();
    private long _soonest = long.MaxValue;

    /// <summary>Marks a row that is due with the commit as taken. <paramref name="now"/>: UTC ticks of the ledger.</summary>
    public void Take(OutboxRow row, long now) => (row.SendAfter, row.TakenBy, row.Takes) = (now + TakenFor.Ticks, _process, 1);

    /// <summary>The name under which this process takes them.</summary>
    public string TakenBy => _process;

    /// <summary>Whether a row was marked by <see cref="Take"/> in this process.</summary>
    public bool IsTaken(OutboxRow row) => row.TakenBy == _process;

    /// <summary>Hands over what was committed: the messages that were taken, and how soon (at least zero) the first of the others is due.</summary>
    public void Hand(IEnumerable<OutboxRow> taken, TimeSpan? next)
    {
        var at = time.GetTimestamp();
        foreach (var row in taken)
        {
            if (_fresh.Count < Most)
                _fresh.Enqueue((row, at));
        }
        if (next is { } soon)
        {
            var due = at + (long)(soon.TotalSeconds * time.TimestampFrequency);
            for (var known = Volatile.Read(ref _soonest); due < known;)
                known = Interlocked.CompareExchange(ref _soonest, due, known) is var found && found == known ? due : found;
        }
        _signal.Ring();
    }

    /// <summary>At most <paramref name="most"/> messages, oldest first. What has lain here for long may be another's by now and is left to it.</summary>
    public List<OutboxRow> Next(int most)
    {
        var rows = new List<OutboxRow>();
        while (rows.Count < most && _fresh.TryDequeue(out var next))
        {
            if (time.GetElapsedTime(next.At) < Stale)
                rows.Add(next.Row);
        }
        return rows;
    }

    /// <summary>Until the first of the later messages that were handed over since the last call is due; null without one.</summary>
    public TimeSpan? UntilLater() => Interlocked.Exchange(ref _soonest, long.MaxValue) is var due and not long.MaxValue
        ? TimeSpan.FromSeconds(Math.Max(0, (due - time.GetTimestamp()) / (double)time.TimestampFrequency))
        : null;

    /// <summary>Ends when something is handed over, or after <paramref name="atMost"/>.</summary>
    public Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken) => _signal.WaitAsync(atMost, time, cancellationToken);
}
