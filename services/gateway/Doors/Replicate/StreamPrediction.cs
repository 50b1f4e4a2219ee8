using FlexEdit.Gateway.Edits.WatchEdit;
using FlexEdit.Platform.Objects;
using FlexEdit.Platform.Problems;

namespace FlexEdit.Gateway.Doors.Replicate;

/// <summary><c>GET /v1/files/streams/{id}</c>: server-sent events of one prediction, for whoever has its signed address.</summary>
internal sealed class StreamPrediction(ServeEvents events, PredictionAnswer answer, IObjectStore objects)
{
    /// <summary>Handles one request.</summary>
    /// <exception cref="ProblemException">404: the tenant has no such edit.</exception>
    public Task HandleAsync(HttpContext context, string id) => events.RunAsync(
        context,
        id,
        LastEventId.Sequence(context.Request.Headers["Last-Event-ID"]),
        (sse, _) => Task.FromResult<IEditEvents>(new PredictionEvents(sse, log => answer.ShowAsync(context, log), objects)));
}
