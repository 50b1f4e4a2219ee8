using FlexEdit.Contracts.Ledger;
using FlexEdit.Gateway.Hosting;
using FlexEdit.Platform.Objects;
using FlexEdit.Platform.Problems;
using FlexEdit.Platform.Tenancy;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace FlexEdit.Gateway.Edits.WatchEdit;

/// <summary><c>GET /v1/edits/{id}/events</c>: server-sent events of one edit.</summary>
internal sealed class WatchRoute(
    EditFeed feed, IEditJournal journal, IObjectStore objects, IOptions<GatewayOptions> options, TimeProvider time, IHostApplicationLifetime life)
{
    private static readonly TimeSpan ConnectAgain = TimeSpan.FromSeconds(2);

    /// <summary>Handles one request.</summary>
    /// <exception cref="ProblemException">404: the tenant has no such edit.</exception>
    public async Task HandleAsync(HttpContext context, string id)
    {
        var tenant = context.GetTenant();
        var after = LastEventId.Sequence(context.Request.Headers["Last-Event-ID"]);
        // Before the first look, so that nothing falls between the look and the wait.
        using var subscription = feed.Subscribe(id);
        var log = await journal.ExistingAsync(tenant, id, after, context.RequestAborted);
        if (after > log.Sequence)
            log = await journal.ExistingAsync(tenant, id, after = 0, context.RequestAborted);

        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, life.ApplicationStopping);
        var sse = new SseWriter(context.Response.Body, time);
        try
        {
            await sse.WriteRetryAsync(ConnectAgain, end.Token);
            await new EditStream(journal, objects, options.Value, time, subscription, tenant).RunAsync(log, after, sse, end.Token);
        }
        catch (OperationCanceledException) when (life.ApplicationStopping.IsCancellationRequested)
        {
            // Ends the stream in good order; the client connects again and goes on where it was.
        }
    }
}
