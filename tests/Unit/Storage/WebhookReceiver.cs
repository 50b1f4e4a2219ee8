using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace FlexEdit.Tests.Unit.Storage;

/// <summary>A request as a <see cref="WebhookReceiver"/> read it.</summary>
internal sealed record ReceivedCall(IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Id => Headers["webhook-id"];
    public string Text => Encoding.UTF8.GetString(Body);
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;
    public string Type => Json.GetProperty("type").GetString()!;
}

/// <summary>An HTTP server on a loopback port that does what a test's script says, down to the bytes and the end of the connection.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<ReceivedCall> _calls = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly Task _serving;

    public WebhookReceiver(Func<ReceivedCall, Socket, CancellationToken, Task>? script = null)
    {
        Script = script ?? Answers(200, "ok");
        _listener.Start(512);
        _serving = ServeAsync();
    }

    /// <summary>What is done with a request; may be changed at any time.</summary>
    public Func<ReceivedCall, Socket, CancellationToken, Task> Script { get; set; }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/hook";

    public IReadOnlyList<ReceivedCall> Calls => [.. _calls];

    /// <summary>Answers with a status, further headers and a body.</summary>
    public static Func<ReceivedCall, Socket, CancellationToken, Task> Answers(int status, string body = "", string headers = "") => (_, socket, token) =>
        WriteAsync(socket, $"HTTP/1.1 {status} Whatever\r\nConnection: close\r\n{headers}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}", token);

    /// <summary>Says nothing until the caller has gone.</summary>
    public static Func<ReceivedCall, Socket, CancellationToken, Task> Hangs() => (_, socket, token) => GoneAsync(socket, token);

    /// <summary>Sends a text and then says nothing until the caller has gone.</summary>
    public static Func<ReceivedCall, Socket, CancellationToken, Task> HangsAfter(string text) => async (_, socket, token) =>
    {
        await WriteAsync(socket, text, token);
        await GoneAsync(socket, token);
    };

    /// <summary>Sends a body for as long as the caller takes it, and tells how many bytes that were.</summary>
    public static Func<ReceivedCall, Socket, CancellationToken, Task> Floods(string head, Action<long> sent) => async (_, socket, token) =>
    {
        var (part, all) = (new byte[65536], 0L);
        part.AsSpan().Fill((byte)'x');
        try
        {
            await WriteAsync(socket, head, token);
            while (all < 100_000_000)
                all += await socket.SendAsync(part, token);
        }
        catch (SocketException)
        {
        }
        sent(all);
    };

    /// <summary>Resets the connection.</summary>
    public static Func<ReceivedCall, Socket, CancellationToken, Task> Resets() => (_, socket, _) =>
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
        return Task.CompletedTask;
    };

    /// <summary>The next call that has come and was not waited for yet.</summary>
    public async Task ArrivedAsync(CancellationToken cancellationToken)
    {
        if (!await _arrived.WaitAsync(TimeSpan.FromMinutes(1), cancellationToken))
            throw new TimeoutException("No call came.");
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _serving;
        _end.Dispose();
        _arrived.Dispose();
        _listener.Dispose();
    }

    private static async Task WriteAsync(Socket socket, string text, CancellationToken token) => await socket.SendAsync(Encoding.UTF8.GetBytes(text), token);

    private static async Task GoneAsync(Socket socket, CancellationToken token)
    {
        while (await socket.ReceiveAsync(new byte[1024], token) > 0)
        {
        }
    }

    private async Task ServeAsync()
    {
        var serving = new ConcurrentDictionary<Task, bool>();
        try
        {
            while (true)
            {
                var task = OneAsync(await _listener.AcceptSocketAsync(_end.Token));
                serving[task] = true;
                _ = task.ContinueWith(done => serving.TryRemove(done, out _), TaskScheduler.Default);
            }
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
        await Task.WhenAll(serving.Keys);
    }

    private async Task OneAsync(Socket socket)
    {
        using var _ = socket;
        try
        {
            if (await ReadAsync(socket) is not { } call)
                return;
            _calls.Enqueue(call);
            _arrived.Release();
            await Script(call, socket, _end.Token);
        }
        catch (Exception ended) when (ended is SocketException or OperationCanceledException or ObjectDisposedException)
        {
        }
    }

    private async Task<ReceivedCall?> ReadAsync(Socket socket)
    {
        var (bytes, part) = (new MemoryStream(), new byte[16384]);
        while (true)
        {
            var count = await socket.ReceiveAsync(part, _end.Token);
            if (count == 0)
                return null;
            bytes.Write(part, 0, count);
            var all = bytes.GetBuffer().AsSpan(0, (int)bytes.Length);
            var end = all.IndexOf("\r\n\r\n"u8);
            if (end < 0)
                continue;
            var headers = Encoding.Latin1.GetString(all[..end]).Split("\r\n").Skip(1).Select(line => line.Split(": ", 2))
                .ToDictionary(pair => pair[0].ToLowerInvariant(), pair => pair[1]);
            var length = int.Parse(headers["content-length"], System.Globalization.CultureInfo.InvariantCulture);
            if (all.Length >= end + 4 + length)
                return new ReceivedCall(headers, all.Slice(end + 4, length).ToArray());
        }
    }
}
