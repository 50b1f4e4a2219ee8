using FlexEdit.Gateway.Edits.SubmitEdit;
using FlexEdit.Gateway.Edits.WatchEdit;
using FlexEdit.Gateway.Hosting;
using FlexEdit.Platform.Links;
using FlexEdit.Platform.Predictions;
using FlexEdit.Platform.Problems;
using FlexEdit.Platform.Tenancy;
using Microsoft.Extensions.Options;

namespace FlexEdit.Gateway.Doors.Replicate;

/// <summary>
/// <c>POST /v1/predictions</c> and <c>POST /v1/models/{owner}/{name}/predictions</c>: the same job as through <c>POST /v1/edits</c>, shown as a prediction. It goes on when its client leaves.
/// </summary>
internal sealed class CreatePrediction(
    TakeInEdit takeIn, EditOutcome outcome, ModelVersions models, PredictionAnswer answer, IOptions<GatewayOptions> options, IOptions<LinksOptions> links, TimeProvider time)
{
    /// <summary>Handles one request: 201, or 202 where its client waited in vain.</summary>
    /// <exception cref="ProblemException">Whatever is wrong with it; nothing was made then.</exception>
    public async Task HandleAsync(HttpContext context, string? owner = null, string? name = null)
    {
        var model = owner is null || name is null ? null : ModelsOfOwner.Find(models, owner, name);
        var headers = CallHeaders.Read(context.Request.Headers, options.Value.LongestWait);
        var deadline = headers.CancelAfter is { } patience ? time.GetUtcNow().UtcDateTime + patience : (DateTime?)null;
        var dialect = new ReplicateDialect(models, model, links.Value.ServerOf(context.Request), deadline);
        var submitted = await takeIn.RunAsync(context, headers, dialect);

        var log = await outcome.ReadAsync(context.GetTenant(), submitted.EditId, headers.Wait ?? TimeSpan.Zero, context.RequestAborted);
        var ended = log is not null && EditOutcome.IsSettled(log.Status);
        var response = context.Response;
        response.Headers.Location = PredictionPaths.Of(submitted.EditId);
        if (submitted.Replayed)
            response.Headers["Idempotency-Replayed"] = "true";
        if (headers.Applied(ended) is { } applied)
            response.Headers["Preference-Applied"] = applied;
        response.StatusCode = headers.Wait is null || ended ? StatusCodes.Status201Created : StatusCodes.Status202Accepted;
        if (log is not null)
            await answer.WriteAsync(context, log, isNew: true);
        else if (submitted.Job is { } job)
            await answer.WriteAsync(context, job, dialect.Door);
        else
            throw new ProblemException(Problem.Unavailable($"The prediction {submitted.EditId} was made, but cannot be read right now.", Refusals.ComeBack));
    }
}
