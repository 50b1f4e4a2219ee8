using System.Net.Sockets;
using System.Text;
using FlexEdit.Tests.Unit.Gateway.Access;
using FlexEdit.Tests.Unit.Gateway.Running;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Gateway;

/// <summary>Requests that no client sends by mistake, as bytes: each is answered with its status, and the server goes on.</summary>
public class HostileRequestTests(GatewayServer server) : IClassFixture<GatewayServer>
{
    private const string Get = "GET /v1/limits HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
    private const string Post = "POST /v1/edits HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
    private const string PostJson = Post + "Content-Type: application/json\r\n";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, int, string> Requests => new()
    {
        { "length and chunks", 400, PostJson + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" },
        { "two lengths", 400, PostJson + "Content-Length: 2\r\nContent-Length: 5\r\n\r\n{}" },
        { "a length below zero", 400, PostJson + "Content-Length: -1\r\n\r\n{}" },
        { "a chunk of no size", 400, PostJson + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n" },
        { "a chunk with a long extension", 422, PostJson + $"Transfer-Encoding: chunked\r\n\r\n2;{new string('a', 20_000)}\r\n{{}}\r\n0\r\n\r\n" },
        { "another transfer encoding", 400, PostJson + "Transfer-Encoding: gzip\r\n\r\n{}" },
        { "UTF-16", 400, PostJson + "Content-Length: 4\r\n\r\n{\0}\0" },
        { "a header of 64 KiB", 431, Get + $"X-A: {new string('a', 65_536)}\r\n\r\n" },
        { "a thousand headers", 431, Get + string.Concat(Enumerable.Range(0, 1000).Select(i => $"X-{i}: 1\r\n")) + "\r\n" },
        { "a NUL in a header", 400, Get + "X-A: a\0b\r\n\r\n" },
        { "a header that is no UTF-8", 400, Get + "X-A: \u00ff\u00fe\r\n\r\n" },
        { "no host", 400, "GET /v1/limits HTTP/1.1\r\nConnection: close\r\n\r\n" },
        { "an address of 20 kB", 414, $"GET /v1/limits?{new string('a', 20_000)} HTTP/1.1\r\nHost: x\r\n\r\n" },
        { "a trace context that is none", 200, Get + $"traceparent: nonsense\r\nbaggage: {string.Concat(Enumerable.Repeat("a=b,", 2500))}\r\n\r\n" },
        { "another method in a header", 404, "GET /v1/edits/edt_01j00000000000000000000000 HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-HTTP-Method-Override: DELETE\r\nX-Original-URL: /v1/limits\r\n\r\n" },
        { "six thousand ranges", 404, "GET /v1/edits/edt_01j00000000000000000000000/outputs/0 HTTP/1.1\r\nHost: x\r\nConnection: close\r\nRange: bytes=" + string.Join(',', Enumerable.Range(0, 6000).Select(_ => "0-0")) + "\r\n\r\n" },
        { "more names than a body may have", 413, Chunked("{" + string.Concat(Enumerable.Range(0, 160_000).Select(i => $"\"a{i}\":0,")) + "\"z\":0}") },
        { "sixty thousand names", 422, PostJson + $"Content-Length: {Names.Length}\r\n\r\n{Names}" },
        { "TRACE", 405, "TRACE /v1/edits HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" },
        { "two slashes", 404, "GET //v1//limits HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" },
        { "a boundary of 10 kB", 400, Post + $"Content-Type: multipart/form-data; boundary={new string('b', 10_000)}\r\nContent-Length: 2\r\n\r\n{{}}" },
        { "ten thousand parts", 400, Form(Enumerable.Repeat(Part("n", "1"), 10_000)) },
        { "a part's header of 500 kB", 400, Form([$"Content-Disposition: form-data; name=\"n\"\r\nX-A: {new string('a', 500_000)}\r\n\r\n1"]) },
        { "a file name that climbs", 422, Form([Part("scene", "x", "; filename=\"../../etc/passwd\"")]) },
        { "a file name with a NUL", 422, Form([Part("scene", "x", "; filename=\"a\0.png\"")]) },
        { "a file name of 4 kB", 422, Form([Part("scene", "x", $"; filename=\"{new string('a', 4096)}\"")]) },
        { "somebody else's tenant", 422, Form([Part("tenant", "other")]) },
        { "a status of one's own", 422, Form([Part("status", "succeeded")]) },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Is_answered(string what, int status, string request)
    {
        var answer = await AskAsync(server, request);

        answer.ShouldStartWith($"HTTP/1.1 {status} ", customMessage: what);
        answer.ShouldNotContain("   at ");
        server.UploadsLeft.ShouldBeEmpty();
        (await server.Client.GetAsync("/healthz/live", Token)).StatusCode.ShouldBe(200);
    }

    // Which of two keys counts would be anybody's guess.
    [Fact]
    public async Task Two_keys_are_no_key()
    {
        await using var keyed = new KeyedServer();
        await keyed.InitializeAsync();
        using var client = await keyed.ClientOfAsync("default");
        var header = $"Authorization: {client.DefaultRequestHeaders.Authorization}\r\n";

        (await AskAsync(keyed, Get + header + "\r\n")).ShouldStartWith("HTTP/1.1 200 ");
        var answer = await AskAsync(keyed, Get + header + header + "\r\n");
        answer.ShouldStartWith("HTTP/1.1 401 ");
        answer.ShouldContain("\r\nWWW-Authenticate: Bearer\r\n");
    }

    [Theory]
    [InlineData("GET", "/V1/edits")]
    [InlineData("POST", "/V1/EDITS")]
    [InlineData("GET", "/v1/%2e%2e/v1/edits")]
    [InlineData("GET", "/%76%31/edits")]
    [InlineData("POST", "/V1/Images/Edits")]
    [InlineData("GET", "/V1/models")]
    public async Task No_way_of_writing_a_path_goes_around_the_keys(string method, string path)
    {
        await using var keyed = new KeyedServer();
        await keyed.InitializeAsync();

        var answer = await AskAsync(keyed, $"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");

        answer.ShouldStartWith("HTTP/1.1 401 ");
    }

    private static string Names { get; } = "{" + string.Concat(Enumerable.Range(0, 60_000).Select(i => $"\"a{i}\":0,")) + "\"z\":0}";

    private static string Chunked(string body) => PostJson + $"Transfer-Encoding: chunked\r\n\r\n{body.Length:x}\r\n{body}\r\n0\r\n\r\n";

    private static string Form(IEnumerable<string> parts)
    {
        var body = string.Concat(parts.Select(part => $"--xxxxxxxx\r\n{part}\r\n")) + "--xxxxxxxx--\r\n";
        return Post + $"Content-Type: multipart/form-data; boundary=xxxxxxxx\r\nContent-Length: {body.Length}\r\n\r\n{body}";
    }

    private static string Part(string name, string value, string more = "") => $"Content-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n{value}";

    private static async Task<string> AskAsync(GatewayServer server, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Client.BaseAddress!.Host, server.Client.BaseAddress.Port, Token);
        await using var stream = client.GetStream();
        var answer = new StringBuilder();
        try
        {
            // A server that has heard enough answers and closes, perhaps before all is sent.
            var sent = stream.WriteAsync(Encoding.Latin1.GetBytes(request), Token).AsTask();
            var block = new byte[4096];
            int read;
            while ((read = await stream.ReadAsync(block, Token)) > 0)
                answer.Append(Encoding.Latin1.GetString(block, 0, read));
            await sent;
        }
        catch (IOException) when (answer.Length > 0)
        {
        }

        return answer.ToString();
    }
}
