using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FlexEdit.Tests.Integration.Objects;

/// <summary>Stands before a real S3 server and passes everything on, until it is told to lie.</summary>
internal sealed class DishonestGateway : IAsyncDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private readonly WebApplication _app;
    private readonly Uri _honest;
    private int _lies;

    private DishonestGateway(Uri honest)
    {
        _honest = honest;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    /// <summary>Lies to a request; false for telling the truth.</summary>
    public delegate Task<bool> Lie(HttpContext context, DishonestGateway gateway);

    public Uri Endpoint => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>What it does instead of passing a request on.</summary>
    public Lie? Lying { get; set; }

    /// <summary>How often it lied.</summary>
    public int Lies => _lies;

    public static async Task<DishonestGateway> StartAsync(Uri honest)
    {
        var gateway = new DishonestGateway(honest);
        await gateway._app.StartAsync();
        return gateway;
    }

    /// <summary>What the honest server answers to this request.</summary>
    public async Task<HttpResponseMessage> AskAsync(HttpContext context)
    {
        var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), new Uri(_honest, $"{context.Request.Path.ToUriComponent()}{context.Request.QueryString}"));
        if (context.Request.ContentLength is not null)
            request.Content = new StreamContent(context.Request.Body);
        foreach (var (name, value) in context.Request.Headers)
        {
            // The signature covers the name of the host that the client asked.
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)value))
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)value);
        }
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
    }

    /// <summary>Passes an answer on, its body changed on the way.</summary>
    public static async Task PassAsync(HttpContext context, HttpResponseMessage answer, Func<byte[], byte[]>? change = null)
    {
        var body = await answer.Content.ReadAsByteArrayAsync(context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, value) in answer.Headers.NonValidated.Concat(answer.Content.Headers.NonValidated))
        {
            if (!name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase) && !name.Equals("Connection", StringComparison.OrdinalIgnoreCase))
                context.Response.Headers[name] = value.ToArray();
        }
        await context.Response.Body.WriteAsync(change?.Invoke(body) ?? body, context.RequestAborted);
    }

    public async ValueTask DisposeAsync()
    {
        using (var atOnce = new CancellationTokenSource(TimeSpan.FromMilliseconds(200)))
            await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
        _http.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (Lying is { } lie)
        {
            // Counted before, so that who hears the lie sees the count.
            Interlocked.Increment(ref _lies);
            if (await lie(context, this))
                return;
            Interlocked.Decrement(ref _lies);
        }
        using var answer = await AskAsync(context);
        await PassAsync(context, answer);
    }
}
