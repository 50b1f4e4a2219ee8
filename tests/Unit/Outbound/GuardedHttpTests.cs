using System.Net;
using System.Net.Sockets;
using System.Text;
using FlexEdit.Platform.Outbound;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Outbound;

public sealed class GuardedHttpTests : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public GuardedHttpTests() => _listener.Start();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose() => _listener.Dispose();

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    [InlineData("2130706433")]
    [InlineData("[::ffff:127.0.0.1]")]
    public async Task Does_not_connect_to_this_machine_whatever_it_is_called(string host)
    {
        using var client = new HttpClient(GuardedHttp.Create(TargetRules.Public));

        var refused = await Should.ThrowAsync<HttpRequestException>(() => client.GetAsync($"http://{host}:{Port}/", Token));

        refused.InnerException.ShouldBeOfType<TargetRefusedException>();
        _listener.Pending().ShouldBeFalse();
    }

    [Fact]
    public async Task A_name_that_changes_its_answer_between_check_and_connection_gains_nothing()
    {
        var answers = new Queue<IPAddress>([IPAddress.Parse("192.0.2.1"), IPAddress.Loopback]);
        var asked = 0;
        using var client = new HttpClient(GuardedHttp.Create(TargetRules.Public, (_, _) =>
        {
            asked++;
            return Task.FromResult<IPAddress[]>([answers.Count > 1 ? answers.Dequeue() : answers.Peek()]);
        }));

        for (var i = 0; i < 3; i++)
            (await Should.ThrowAsync<HttpRequestException>(() => client.GetAsync($"http://rebind.example:{Port}/", Token))).InnerException.ShouldBeOfType<TargetRefusedException>();

        asked.ShouldBe(3); // each connection asks once and dials what it was told
        _listener.Pending().ShouldBeFalse();
    }

    [Fact]
    public async Task Of_an_allowed_and_a_refused_address_only_the_allowed_one_is_dialled()
    {
        var rules = new TargetRules { Networks = [IPNetwork.Parse("127.0.0.2/32")] };
        using var allowed = new TcpListener(IPAddress.Parse("127.0.0.2"), Port);
        allowed.Start();
        using var client = new HttpClient(GuardedHttp.Create(rules, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback, IPAddress.Parse("127.0.0.2")])));
        var serving = AnswerAsync("HTTP/1.1 204 No Content\r\n\r\n", allowed);

        using var answer = await client.GetAsync($"http://both.example:{Port}/", Token);
        await serving;

        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        _listener.Pending().ShouldBeFalse();
    }

    [Fact]
    public async Task Follows_no_redirect()
    {
        using var client = new HttpClient(GuardedHttp.Create(TargetRules.AlsoPrivate));
        var serving = AnswerAsync("HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n");

        using var answer = await client.GetAsync($"http://127.0.0.1:{Port}/", Token);
        await serving;

        answer.StatusCode.ShouldBe(HttpStatusCode.Found);
    }

    [Fact]
    public async Task Does_not_unpack_what_may_be_a_bomb_and_keeps_no_cookie()
    {
        var handler = GuardedHttp.Create(TargetRules.AlsoPrivate);
        using var client = new HttpClient(handler);
        var serving = AnswerAsync("HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\u001f\u00088x");

        using var answer = await client.GetAsync($"http://127.0.0.1:{Port}/", Token);
        await serving;

        answer.Content.Headers.ContentEncoding.ShouldBe(["gzip"]);
        (await answer.Content.ReadAsByteArrayAsync(Token)).Length.ShouldBe(4);
        handler.UseCookies.ShouldBeFalse();
        handler.UseProxy.ShouldBeFalse();
    }

    [Fact]
    public async Task Headers_without_end_are_refused()
    {
        using var client = new HttpClient(GuardedHttp.Create(TargetRules.AlsoPrivate));
        var serving = AnswerAsync("HTTP/1.1 200 OK\r\nX-Long: " + new string('a', 100_000) + "\r\n\r\n");

        await Should.ThrowAsync<HttpRequestException>(() => client.GetAsync($"http://127.0.0.1:{Port}/", Token));
        await serving;
    }

    private async Task AnswerAsync(string answer, TcpListener? listener = null)
    {
        using var socket = await (listener ?? _listener).AcceptSocketAsync(Token);
        var request = new byte[4096];
        await socket.ReceiveAsync(request, Token);
        try
        {
            await socket.SendAsync(Encoding.Latin1.GetBytes(answer), Token);
        }
        catch (SocketException)
        {
            // the client hung up first
        }
    }
}
