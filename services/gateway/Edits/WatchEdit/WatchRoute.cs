using FlexEdit.Platform.Problems;

namespace FlexEdit.Gateway.Edits.WatchEdit;

/// <summary><c>GET /v1/edits/{id}/events</c>: server-sent events of one edit.</summary>
internal sealed class WatchRoute(ServeEvents events)
{
    private static readonly TimeSpan ConnectAgain = TimeSpan.FromSeconds(2);

    /// <summary>Handles one request.</summary>
    /// <exception cref="ProblemException">404: the tenant has no such edit.</exception>
    public Task HandleAsync(HttpContext context, string id) => events.RunAsync(
        context,
        id,
        LastEventId.Sequence(context.Request.Headers["Last-Event-ID"]),
        static async (sse, cancellationToken) =>
        {
            await sse.WriteRetryAsync(ConnectAgain, cancellationToken);
            return new NativeEvents(sse);
        });
}
