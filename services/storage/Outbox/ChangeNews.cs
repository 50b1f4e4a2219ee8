using System.Threading.Channels;
using FlexEdit.Contracts.Messages;

namespace FlexEdit.Storage.Outbox;

/// <summary>
/// What is to be told about edits that have changed. Whoever listens also looks at the log by itself now and then, so news are not worth a row in
/// the outbox: those of a process that ends are lost, and where they pile up the oldest are.
/// </summary>
internal sealed class ChangeNews
{
    private readonly Channel<(EditChanged Change, string? TraceParent)> _news = Channel.CreateBounded<(EditChanged, string?)>(
        new BoundedChannelOptions(4096) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    /// <summary>Notes a change that is committed.</summary>
    public void Tell(EditChanged change, string? traceParent) => _news.Writer.TryWrite((change, traceParent));

    /// <summary>The news, as they come.</summary>
    public IAsyncEnumerable<(EditChanged Change, string? TraceParent)> ReadAsync(CancellationToken cancellationToken) => _news.Reader.ReadAllAsync(cancellationToken);
}
