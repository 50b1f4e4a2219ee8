using System.Text.Json;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Messages;
using FlexEdit.Gateway.Edits.WatchEdit;
using FlexEdit.Gateway.Hosting;
using FlexEdit.Platform.Problems;
using FlexEdit.Platform.Tenancy;
using Microsoft.Extensions.Options;

namespace FlexEdit.Gateway.Edits.SubmitEdit;

/// <summary><c>POST /v1/edits</c>: the headers, the edit (<see cref="TakeInEdit"/>), and the answer, perhaps after a wait.</summary>
internal sealed class SubmitRoute(TakeInEdit takeIn, EditOutcome outcome, IOptions<GatewayOptions> options)
{
    /// <summary>Handles one request.</summary>
    /// <exception cref="ProblemException">Whatever is wrong with it; nothing was made then.</exception>
    public async Task HandleAsync(HttpContext context)
    {
        var headers = CallHeaders.Read(context.Request.Headers, options.Value.LongestWait);
        await AnswerAsync(context, await takeIn.RunAsync(context, headers, new NativeDialect()), headers);
    }

    private async Task AnswerAsync(HttpContext context, EditSubmitted submitted, CallHeaders headers)
    {
        var id = submitted.EditId;
        // Storage has said already how the job began.
        var job = headers.Wait is null && submitted.Job is not null ? null : await outcome.ReadAsync(context.GetTenant(), id, headers.Wait ?? TimeSpan.Zero, context.RequestAborted);
        var finished = job is not null && EditOutcome.IsSettled(job.Status);
        Answer(context.Response, headers, accepted: !(finished && headers.Wait is not null), finished, submitted.Replayed);
        context.Response.Headers.Location = $"/v1/edits/{id}";
        await context.Response.WriteAsync(job?.Job ?? submitted.Job ?? JsonSerializer.Serialize(AcceptedEdit.Of(id), ContractJson.Options), context.RequestAborted);
    }

    /// <summary>Status and headers of an answer with a job: 202 where it is <paramref name="accepted"/> and goes on, else 200.</summary>
    public static void Answer(HttpResponse response, CallHeaders headers, bool accepted, bool finished, bool replayed)
    {
        response.StatusCode = accepted ? StatusCodes.Status202Accepted : StatusCodes.Status200OK;
        if (accepted)
            response.Headers.RetryAfter = "1";
        if (replayed)
            response.Headers["Idempotency-Replayed"] = "true";
        if (headers.Applied(finished) is { } applied)
            response.Headers["Preference-Applied"] = applied;
        response.Headers.CacheControl = "no-store";
        response.ContentType = "application/json; charset=utf-8";
    }
}
