using System.Text;

namespace FlexEdit.Gateway.Edits.WatchEdit;

/// <summary>
/// Writes server-sent events (WHATWG HTML, section 9.2). Every write waits until the connection has taken it, so that a slow
/// client slows its own stream and nothing piles up.
/// </summary>
internal sealed class SseWriter(Stream stream, TimeProvider time)
{
    private long _lastWrite = time.GetTimestamp();

    /// <summary>Time since something was written.</summary>
    public TimeSpan Silence => time.GetElapsedTime(_lastWrite);

    /// <summary>Tells the client how long to wait before it connects again.</summary>
    public Task WriteRetryAsync(TimeSpan delay, CancellationToken cancellationToken) =>
        WriteAsync($"retry: {(long)delay.TotalMilliseconds}\n\n", cancellationToken);

    /// <summary>An event.</summary>
    /// <param name="name">Its type.</param>
    /// <param name="id">What the client sends back as <c>Last-Event-ID</c>.</param>
    /// <param name="data">Its data; a line break in it begins another data line.</param>
    /// <param name="cancellationToken">Ends the write.</param>
    public Task WriteEventAsync(string name, string id, string data, CancellationToken cancellationToken)
    {
        var text = new StringBuilder(data.Length + 64).Append("event: ").Append(name).Append("\nid: ").Append(id).Append('\n');
        foreach (var line in data.AsSpan().EnumerateLines())
            text.Append("data: ").Append(line).Append('\n');
        return WriteAsync(text.Append('\n').ToString(), cancellationToken);
    }

    /// <summary>An event of whose data the large part is shared with other streams, which it is not copied for. No part holds a line break.</summary>
    /// <param name="name">Its type.</param>
    /// <param name="id">What the client sends back as <c>Last-Event-ID</c>.</param>
    /// <param name="head">Its data before the shared part.</param>
    /// <param name="shared">The shared part, UTF-8.</param>
    /// <param name="tail">Its data behind it.</param>
    /// <param name="cancellationToken">Ends the write.</param>
    public async Task WriteEventAsync(string name, string id, string head, ReadOnlyMemory<byte> shared, string tail, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"event: {name}\nid: {id}\ndata: {head}"), cancellationToken);
        await stream.WriteAsync(shared, cancellationToken);
        await WriteAsync($"{tail}\n\n", cancellationToken);
    }

    /// <summary>An event whose data are too large to be held as a text.</summary>
    /// <param name="name">Its type.</param>
    /// <param name="data">Writes its data, which hold no line break.</param>
    /// <param name="cancellationToken">Ends the write.</param>
    /// <param name="id">What the client sends back as <c>Last-Event-ID</c>; null: nothing.</param>
    public async Task WriteEventAsync(string name, Func<Stream, CancellationToken, Task> data, CancellationToken cancellationToken, string? id = null)
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes(id is null ? $"event: {name}\ndata: " : $"event: {name}\nid: {id}\ndata: "), cancellationToken);
        await data(stream, cancellationToken);
        await WriteAsync("\n\n", cancellationToken);
    }

    /// <summary>A comment, which keeps proxies from closing a silent connection.</summary>
    public Task WriteHeartbeatAsync(CancellationToken cancellationToken) => WriteAsync(":\n\n", cancellationToken);

    private async Task WriteAsync(string text, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
        await stream.FlushAsync(cancellationToken);
        _lastWrite = time.GetTimestamp();
    }
}
