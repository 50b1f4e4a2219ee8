using FlexEdit.Contracts;
using FlexEdit.Gateway.Hosting;
using FlexEdit.Platform.Problems;
using FlexEdit.Platform.Tenancy;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace FlexEdit.Gateway.Edits.WatchEdit;

/// <summary>Answers a request with the events of an edit, whatever the door.</summary>
internal sealed class ServeEvents(
    EditFeed feed, SharedLogs logs, IOptions<GatewayOptions> options, TimeProvider time, IHostApplicationLifetime life)
{
    /// <summary>Tells events until the edit has ended, the client has left (which throws), or the server stops or the edit is deleted (which do not).</summary>
    /// <param name="context">The request; nothing of the answer has been sent.</param>
    /// <param name="id">The edit.</param>
    /// <param name="after">Sequence number that the client has already.</param>
    /// <param name="begin">Called once the answer has begun: who tells the events.</param>
    /// <exception cref="ProblemException">404: the tenant has no such edit.</exception>
    public async Task RunAsync(HttpContext context, string id, long after, Func<SseWriter, CancellationToken, Task<IEditEvents>> begin)
    {
        var tenant = context.GetTenant();
        // Before the first look, so that nothing falls between the look and the wait.
        using var subscription = feed.Subscribe(id);
        using var share = Ids.IsWellFormed(id, "edt_") ? logs.Open(tenant, id) : throw ExistingEdit.None;
        var log = await share.Log.ReadAsync(context.RequestAborted) ?? throw ExistingEdit.None;
        if (after > log.Sequence)
            after = 0;

        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, life.ApplicationStopping);
        var sse = new SseWriter(context.Response.Body, time);
        try
        {
            var events = await begin(sse, end.Token);
            await new EditStream(share.Log, options.Value, time, subscription).RunAsync(log, after, sse, events, end.Token);
        }
        catch (OperationCanceledException) when (life.ApplicationStopping.IsCancellationRequested)
        {
            // Ends the stream in good order; the client connects again and goes on where it was.
        }
    }
}
