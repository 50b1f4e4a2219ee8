using System.Net;

namespace FlexEdit.Platform.Objects.S3;

/// <summary>Gives a transfer up that stands still: every sign of life starts the time anew.</summary>
internal sealed class Stall : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationToken _outer;
    private readonly TimeSpan _limit;

    public Stall(TimeSpan limit, CancellationToken outer)
    {
        (_limit, _outer) = (limit, outer);
        _source = CancellationTokenSource.CreateLinkedTokenSource(outer);
        Moved();
    }

    public CancellationToken Token => _source.Token;

    /// <summary>Whether it was this limit that cancelled.</summary>
    public bool IsOver => _source.IsCancellationRequested && !_outer.IsCancellationRequested;

    public void Moved() => _source.CancelAfter(_limit);

    public void Dispose() => _source.Dispose();
}

/// <summary>A body read from a stream piece by piece; each piece that leaves is a sign of life.</summary>
internal sealed class WatchedContent(Stream source, long length, Stall stall) : HttpContent
{
    private const int PieceBytes = 64 * 1024;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var piece = new byte[PieceBytes];
        for (var left = length; left > 0;)
        {
            var read = await source.ReadAsync(piece.AsMemory(0, (int)Math.Min(left, PieceBytes)), cancellationToken);
            if (read == 0)
                throw new EndOfStreamException("What is to be stored became shorter while it was read.");
            await stream.WriteAsync(piece.AsMemory(0, read), cancellationToken);
            stall.Moved();
            left -= read;
        }
    }

    protected override bool TryComputeLength(out long computed)
    {
        computed = length;
        return true;
    }
}
