using System.Threading.Channels;

namespace FlexEdit.Gateway.Batches;

/// <summary>Says that this gateway has just taken a batch in, so that its lines are looked for at once.</summary>
internal sealed class BatchSignal
{
    private readonly Channel<bool> _rings = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Ring() => _rings.Writer.TryWrite(true);

    /// <summary>Ends at the next ring.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken) => await _rings.Reader.ReadAsync(cancellationToken);
}
