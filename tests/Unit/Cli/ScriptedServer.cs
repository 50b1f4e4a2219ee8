using System.Net;
using System.Text;
using FlexEdit.Cli.Api;

namespace FlexEdit.Tests.Unit.Cli;

/// <summary>Stands for the network: answers each request with what a test wrote, and keeps what was asked.</summary>
internal sealed class ScriptedServer : HttpMessageHandler
{
    private readonly Queue<Func<HttpRequestMessage, HttpResponseMessage>> _answers = [];

    /// <summary>Method, path and <c>Last-Event-ID</c> of every request.</summary>
    public List<string> Requests { get; } = [];

    public FlexEditClient Client() => new(new Uri("http://server.test"), handler: this);

    public ScriptedServer Json(string body, HttpStatusCode status = HttpStatusCode.OK, string type = "application/json") =>
        Add(_ => new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, type) });

    /// <summary>An event stream that ends cleanly.</summary>
    public ScriptedServer Events(string body) => Json(body, type: "text/event-stream");

    /// <summary>An event stream whose connection breaks behind <paramref name="body"/>.</summary>
    public ScriptedServer BrokenEvents(string body) =>
        Add(_ => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new BreakingStream(body)) });

    /// <summary>A connection that is refused.</summary>
    public ScriptedServer Refuse() => Add(_ => throw new HttpRequestException("refused"));

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var resume = request.Headers.TryGetValues("Last-Event-ID", out var ids) ? $" after {ids.Single()}" : "";
        Requests.Add($"{request.Method} {request.RequestUri!.PathAndQuery}{resume}");
        try
        {
            return Task.FromResult(_answers.Dequeue()(request));
        }
        catch (HttpRequestException refused)
        {
            return Task.FromException<HttpResponseMessage>(refused);
        }
    }

    private ScriptedServer Add(Func<HttpRequestMessage, HttpResponseMessage> answer)
    {
        _answers.Enqueue(answer);
        return this;
    }

    private sealed class BreakingStream(string body) : MemoryStream(Encoding.UTF8.GetBytes(body))
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await base.ReadAsync(buffer, cancellationToken);
            return read > 0 ? read : throw new IOException("connection reset");
        }
    }
}
