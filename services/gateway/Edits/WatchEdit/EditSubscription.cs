using System.Threading.Channels;
using FlexEdit.Contracts.Messages;

namespace FlexEdit.Gateway.Edits.WatchEdit;

/// <summary>
/// What one request has been told about an edit and not yet read. Bounded: of progress the oldest is forgotten, and of the
/// durable log only the newest number is kept, for the log itself is read from storage.
/// </summary>
internal sealed class EditSubscription : IDisposable
{
    private const int MostProgress = 32;

    private readonly EditFeed _feed;
    private readonly Channel<EditProgressed?> _news = Channel.CreateBounded<EditProgressed?>(
        new BoundedChannelOptions(MostProgress) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private ITimer? _limit;
    private long _newest;

    internal EditSubscription(EditFeed feed, string editId) => (_feed, EditId) = (feed, editId);

    /// <summary>The edit.</summary>
    public string EditId { get; }

    /// <summary>The newest sequence number that was heard of; 0 before the first.</summary>
    public long Newest => Interlocked.Read(ref _newest);

    /// <summary>Waits until there is something to read, at most <paramref name="longest"/>.</summary>
    public async Task WaitAsync(TimeSpan longest, TimeProvider time, CancellationToken cancellationToken)
    {
        // The limit is a wake-up as any other: with thousands of clients, an exception each time would be what the processor does.
        _limit ??= time.CreateTimer(static one => ((EditSubscription)one!)._news.Writer.TryWrite(null), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _limit.Change(longest, Timeout.InfiniteTimeSpan);
        try
        {
            await _news.Reader.WaitToReadAsync(cancellationToken);
        }
        finally
        {
            _limit.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Takes everything that is there; of steps only those that are still news.</summary>
    public IReadOnlyList<EditProgressed> Take()
    {
        var progress = new List<EditProgressed>();
        while (_news.Reader.TryRead(out var one))
        {
            if (one is not null)
                progress.Add(one);
        }

        return progress;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _feed.Remove(this);
        _limit?.Dispose();
    }

    internal void Changed(long sequence)
    {
        for (var known = Newest; sequence > known; known = Newest)
        {
            if (Interlocked.CompareExchange(ref _newest, sequence, known) == known)
                break;
        }

        // Only a wake-up; the number is kept above, where nothing can push it out.
        _news.Writer.TryWrite(null);
    }

    internal void Progressed(EditProgressed progressed) => _news.Writer.TryWrite(progressed);
}
