using System.Net;
using System.Net.Sockets;

namespace FlexEdit.Tests.Integration.Faults;

/// <summary>How a proxy treats what passes through it.</summary>
internal enum ProxyMode
{
    /// <summary>As it comes.</summary>
    Pass,
    /// <summary>Each piece later by <see cref="TcpProxy.Latency"/>.</summary>
    Late,
    /// <summary>Every connection, old and new, is reset.</summary>
    Reset,
    /// <summary>Connections stay open and nothing passes any more: a half-open connection.</summary>
    BlackHole,
    /// <summary>Of what the server says on a connection only <see cref="TcpProxy.Limit"/> bytes pass, then it is closed.</summary>
    Truncate,
}

/// <summary>Stands between a client and a server of TCP and does to their connections what networks do. Loopback only.</summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly HashSet<Passage> _passages = [];
    private readonly Task _accepting;
    private TaskCompletionSource _changed = NewSignal();
    private ProxyMode _mode;
    private int _target;

    /// <summary>Listens on a free port.</summary>
    public TcpProxy()
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>Port of the server; connections before it is known are refused.</summary>
    public int Target { set => Volatile.Write(ref _target, value); }

    /// <summary>Delay of <see cref="ProxyMode.Late"/>.</summary>
    public TimeSpan Latency { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Bytes of <see cref="ProxyMode.Truncate"/>.</summary>
    public long Limit { get; set; }

    /// <summary>Asked about every piece that a client sends; true resets that connection before the server sees the piece.</summary>
    public Func<ReadOnlyMemory<byte>, bool>? ResetWhenClientSends { get; set; }

    /// <summary>Told of every piece that the server sends, before the client sees it; true swallows it and resets the connection.</summary>
    public Func<ReadOnlyMemory<byte>, bool>? ResetWhenServerSends { get; set; }

    /// <summary>Connections that were cut so far.</summary>
    public int Cuts { get; private set; }

    public ProxyMode Mode
    {
        get => _mode;
        set
        {
            Passage[] open;
            TaskCompletionSource changed;
            lock (_gate)
            {
                _mode = value;
                (changed, _changed) = (_changed, NewSignal());
                open = [.. _passages];
            }
            if (value == ProxyMode.Reset)
                Array.ForEach(open, passage => passage.Reset());
            changed.SetResult();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        Mode = ProxyMode.Reset;
        await _accepting;
        _stop.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task AcceptAsync()
    {
        var running = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_stop.Token);
                running.RemoveAll(task => task.IsCompleted);
                running.Add(new Passage(this, client).RunAsync());
            }
        }
        catch (Exception problem) when (problem is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(running);
        }
    }

    private (ProxyMode Mode, Task Changed) Now()
    {
        lock (_gate)
            return (_mode, _changed.Task);
    }

    private sealed class Passage(TcpProxy proxy, Socket client)
    {
        private readonly Socket _server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        private readonly CancellationTokenSource _end = CancellationTokenSource.CreateLinkedTokenSource(proxy._stop.Token);

        public async Task RunAsync()
        {
            client.NoDelay = true;
            lock (proxy._gate)
                proxy._passages.Add(this);
            try
            {
                if (proxy.Now().Mode == ProxyMode.Reset)
                {
                    Reset();
                    return;
                }
                await _server.ConnectAsync(new IPEndPoint(IPAddress.Loopback, Volatile.Read(ref proxy._target)), _end.Token);
                await Task.WhenAll(
                    CopyAsync(client, _server, fromServer: false),
                    CopyAsync(_server, client, fromServer: true));
            }
            catch (Exception problem) when (problem is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // Either side is gone; the other is told below.
            }
            finally
            {
                lock (proxy._gate)
                    proxy._passages.Remove(this);
                client.Dispose();
                _server.Dispose();
                _end.Dispose();
            }
        }

        /// <summary>Ends both sides with RST.</summary>
        public void Reset()
        {
            foreach (var socket in new[] { client, _server })
            {
                try
                {
                    socket.LingerState = new LingerOption(true, 0);
                    socket.Close();
                }
                catch (Exception problem) when (problem is SocketException or ObjectDisposedException)
                {
                    // It is gone already.
                }
            }
            proxy.Cuts++;
        }

        private async Task CopyAsync(Socket from, Socket to, bool fromServer)
        {
            var buffer = new byte[64 * 1024];
            long passed = 0;
            try
            {
                while (true)
                {
                    var read = await from.ReceiveAsync(buffer, _end.Token);
                    var piece = buffer.AsMemory(0, read);
                    if (read > 0 && (fromServer ? proxy.ResetWhenServerSends : proxy.ResetWhenClientSends)?.Invoke(piece) == true)
                    {
                        Reset();
                        return;
                    }
                    if (!await MayPassAsync())
                        return;
                    if (read == 0)
                    {
                        to.Shutdown(SocketShutdown.Send);
                        return;
                    }
                    if (fromServer && proxy.Mode == ProxyMode.Truncate && (passed += read) > proxy.Limit)
                    {
                        await to.SendAsync(piece[..(int)Math.Max(0, read - (passed - proxy.Limit))], _end.Token);
                        Reset();
                        return;
                    }
                    while (piece.Length > 0)
                        piece = piece[await to.SendAsync(piece, _end.Token)..];
                }
            }
            catch (Exception problem) when (problem is SocketException or ObjectDisposedException)
            {
                Reset();
            }
        }

        private async Task<bool> MayPassAsync()
        {
            while (true)
            {
                var (mode, changed) = proxy.Now();
                switch (mode)
                {
                    case ProxyMode.Reset:
                        return false;
                    case ProxyMode.BlackHole:
                        await changed.WaitAsync(_end.Token);
                        break;
                    case ProxyMode.Late:
                        await Task.Delay(proxy.Latency, _end.Token);
                        return true;
                    default:
                        return true;
                }
            }
        }
    }
}
