using System.Diagnostics;
using System.Net;
using FlexEdit.Contracts.Errors;
using FlexEdit.Platform.Hosting;
using FlexEdit.Platform.Internal;
using FlexEdit.Platform.Problems;
using FlexEdit.Platform.Tenancy;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace FlexEdit.Gateway.Proxy;

/// <summary>Sends reads and cancels of edits, reads and removals of assets, reads and cancels of batches, and all that is about webhooks and usage, on to storage in its own process.</summary>
internal sealed class StorageProxy(IHttpForwarder forwarder, IOptions<InternalOptions> options) : IDisposable
{
    private static readonly ForwarderRequestConfig Config = new() { ActivityTimeout = TimeSpan.FromSeconds(100) };

    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        EnableMultipleHttp2Connections = true,
        ActivityHeadersPropagator = new ReverseProxyPropagator(DistributedContextPropagator.Current),
        ConnectTimeout = TimeSpan.FromSeconds(2),
    });

    /// <summary>Maps everything under these paths that the gateway does not answer itself.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        var url = options.Value.StorageUrl;
        if (url is null || options.Value.Tokens.Count == 0)
            throw new StartupException("Set FLEXEDIT__Internal__StorageUrl and FLEXEDIT__Internal__Token: without storage in its own process a gateway has to know where it is.");
        var transformer = new InternalTransformer(options.Value);
        foreach (var path in new[] { "/v1/edits", "/v1/assets", "/v1/batches", "/v1/webhooks", "/v1/deliveries", "/v1/usage" })
            routes.Map($"{path}/{{**rest}}", context => ForwardAsync(context, url.AbsoluteUri, transformer));
        routes.MapGet("/.well-known/jwks.json", context => ForwardAsync(context, url.AbsoluteUri, transformer));
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task ForwardAsync(HttpContext context, string url, InternalTransformer transformer)
    {
        var error = await forwarder.SendAsync(context, url, _client, Config, transformer);
        if (error == ForwarderError.None || context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
            return;
        context.Response.Clear();
        await ProblemWriter.WriteAsync(context, new Problem
        {
            Status = StatusCodes.Status503ServiceUnavailable,
            Code = ErrorCodes.Unavailable,
            Detail = "Jobs cannot be read right now; try again.",
            RetryAfter = TimeSpan.FromSeconds(2),
        });
    }

    /// <summary>Puts in who asks and that a gateway says so; <see cref="Access.TenantMiddleware"/> has taken out what came from outside.</summary>
    private sealed class InternalTransformer(InternalOptions options) : HttpTransformer
    {
        public override async ValueTask TransformRequestAsync(
            HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
        {
            await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
            foreach (var name in new[] { InternalTrust.TokenHeader, InternalTrust.TenantHeader, "X-Request-Id", "Authorization", "Cookie" })
                proxyRequest.Headers.Remove(name);
            proxyRequest.Headers.Add(InternalTrust.TokenHeader, options.Tokens[0]);
            proxyRequest.Headers.Add(InternalTrust.TenantHeader, httpContext.GetTenant());
            proxyRequest.Headers.Add("X-Request-Id", httpContext.TraceIdentifier);
            proxyRequest.Headers.Host = null;
        }

        public override async ValueTask<bool> TransformResponseAsync(
            HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
        {
            // The request's id is on the answer already; two of them would be a list.
            proxyResponse?.Headers.Remove("X-Request-Id");
            return await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        }
    }
}
