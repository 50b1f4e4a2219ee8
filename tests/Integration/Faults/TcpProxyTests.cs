using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Integration.Faults;

/// <summary>The proxy does what it is told, or the fault tests would test nothing.</summary>
public sealed class TcpProxyTests : IAsyncLifetime
{
    private readonly TcpListener _server = new(IPAddress.Loopback, 0);
    private readonly TcpProxy _proxy = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _serving = Task.CompletedTask;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _server.Start();
        _proxy.Target = ((IPEndPoint)_server.LocalEndpoint).Port;
        _serving = EchoAsync();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _server.Stop();
        await _proxy.DisposeAsync();
        await _serving;
        _stop.Dispose();
    }

    [Fact]
    public async Task Passes_what_comes()
    {
        using var client = await ConnectAsync();
        (await AskAsync(client, "hello")).ShouldBe("hello");
        (await AskAsync(client, "again")).ShouldBe("again");
    }

    [Fact]
    public async Task Delays_both_ways()
    {
        _proxy.Latency = TimeSpan.FromMilliseconds(60);
        _proxy.Mode = ProxyMode.Late;
        using var client = await ConnectAsync();
        var clock = Stopwatch.StartNew();
        (await AskAsync(client, "hello")).ShouldBe("hello");
        clock.ElapsedMilliseconds.ShouldBeGreaterThan(110); // A timer may be a little early.
    }

    [Fact]
    public async Task Resets_what_is_open_and_what_comes()
    {
        using var client = await ConnectAsync();
        await AskAsync(client, "hello");
        _proxy.Mode = ProxyMode.Reset;
        await Should.ThrowAsync<SocketException>(() => AskAsync(client, "again"));
        await Should.ThrowAsync<SocketException>(async () =>
        {
            using var next = await ConnectAsync();
            await AskAsync(next, "hello");
        });

        _proxy.Mode = ProxyMode.Pass;
        using var last = await ConnectAsync();
        (await AskAsync(last, "hello")).ShouldBe("hello");
        _proxy.Cuts.ShouldBeGreaterThanOrEqualTo(2);
    }

    [Fact]
    public async Task Lets_nothing_out_of_a_black_hole_until_it_is_none()
    {
        using var client = await ConnectAsync();
        await AskAsync(client, "hello");
        _proxy.Mode = ProxyMode.BlackHole;
        var waiting = AskAsync(client, "again");
        await Should.ThrowAsync<TimeoutException>(() => waiting.WaitAsync(TimeSpan.FromMilliseconds(150), Token));

        _proxy.Mode = ProxyMode.Pass;
        (await waiting).ShouldBe("again");
    }

    [Fact]
    public async Task Cuts_an_answer_short()
    {
        _proxy.Limit = 3;
        _proxy.Mode = ProxyMode.Truncate;
        using var client = await ConnectAsync();
        await client.SendAsync("hello"u8.ToArray(), Token);
        var received = 0;
        await Should.ThrowAsync<SocketException>(async () =>
        {
            var buffer = new byte[16];
            for (int read; (read = await client.ReceiveAsync(buffer, Token)) > 0;)
                received += read;
        });
        received.ShouldBeLessThanOrEqualTo(3);
    }

    [Fact]
    public async Task Resets_at_a_word()
    {
        _proxy.ResetWhenClientSends = piece => piece.Span.IndexOf("COMMIT"u8) >= 0;
        using var client = await ConnectAsync();
        (await AskAsync(client, "BEGIN")).ShouldBe("BEGIN");
        await Should.ThrowAsync<SocketException>(() => AskAsync(client, "COMMIT"));
    }

    private async Task<Socket> ConnectAsync()
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _proxy.Port), Token);
        return client;
    }

    private static async Task<string> AskAsync(Socket client, string text)
    {
        await client.SendAsync(Encoding.ASCII.GetBytes(text), Token);
        var buffer = new byte[text.Length];
        var read = 0;
        while (read < buffer.Length)
        {
            var now = await client.ReceiveAsync(buffer.AsMemory(read), Token);
            if (now == 0)
                throw new SocketException((int)SocketError.ConnectionReset);
            read += now;
        }
        return Encoding.ASCII.GetString(buffer);
    }

    private async Task EchoAsync()
    {
        var echoing = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _server.AcceptSocketAsync(_stop.Token);
                echoing.Add(OneAsync(client));
            }
        }
        catch (Exception problem) when (problem is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(echoing);
        }

        async Task OneAsync(Socket client)
        {
            using (client)
            {
                var buffer = new byte[1024];
                try
                {
                    for (int read; (read = await client.ReceiveAsync(buffer, _stop.Token)) > 0;)
                        await client.SendAsync(buffer.AsMemory(0, read), _stop.Token);
                }
                catch (Exception problem) when (problem is OperationCanceledException or SocketException)
                {
                    // The other side is gone.
                }
            }
        }
    }
}
