using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Ledger;
using FlexEdit.Gateway.Edits.SubmitEdit;
using FlexEdit.Gateway.Edits.WatchEdit;
using FlexEdit.Gateway.Hosting;
using FlexEdit.Platform.Objects;
using FlexEdit.Platform.Problems;
using FlexEdit.Platform.Tenancy;
using Microsoft.Extensions.Options;

namespace FlexEdit.Gateway.Doors.OpenAi;

/// <summary>
/// <c>POST /v1/images/edits</c>, the image edit call of OpenAI's API: the same job as through <c>POST /v1/edits</c>, answered with its pictures or, streamed,
/// with pictures on the way and the result. Whoever leaves before the end takes the edit along, unless an <c>Idempotency-Key</c> says that it may ask again.
/// </summary>
internal sealed partial class EditImageRoute(
    TakeInEdit takeIn, EditOutcome outcome, ServeEvents serve, IEditControl control, IObjectStore objects, IOptions<GatewayOptions> options, TimeProvider time,
    ILogger<EditImageRoute> log)
{
    private static readonly TimeSpan s_cancelWithin = TimeSpan.FromSeconds(10);

    /// <summary>Handles one request.</summary>
    /// <exception cref="ProblemException">What is wrong with it, or why the edit came to nothing.</exception>
    public async Task HandleAsync(HttpContext context)
    {
        var dialect = new OpenAiDialect();
        var headers = CallHeaders.Read(context.Request.Headers, options.Value.LongestWait);
        var submitted = await takeIn.RunAsync(context, headers, dialect);
        var (tenant, id) = (context.GetTenant(), submitted.EditId);
        context.Response.Headers.Location = $"/v1/edits/{id}";
        if (submitted.Replayed)
            context.Response.Headers["Idempotency-Replayed"] = "true";

        var done = false;
        try
        {
            done = dialect.Streams ? await StreamAsync(context, id, dialect) : await AnswerAsync(context, id, dialect);
        }
        finally
        {
            if (!done && headers.IdempotencyKey is null)
                await CancelAsync(tenant, id);
        }
    }

    // Both say whether the edit needs nobody's cancel any more.
    private async Task<bool> AnswerAsync(HttpContext context, string id, OpenAiDialect dialect)
    {
        var gone = context.RequestAborted;
        var ended = await outcome.ReadAsync(context.GetTenant(), id, options.Value.LongestEdit, gone);
        if (ended is null || !EditStatus.IsTerminal(ended.Status))
            throw new ProblemException(EditEnd.TooLate);
        if (EditEnd.WhyNot(ended) is { } problem)
            throw new ProblemException(problem);
        await new ImagesAnswer(objects, context, dialect, time).WriteAsync(id, ended.Outputs, gone);
        return true;
    }

    private async Task<bool> StreamAsync(HttpContext context, string id, OpenAiDialect dialect)
    {
        ImageEvents? events = null;
        await serve.RunAsync(context, id, after: 0, (sse, _) =>
        {
            events = new ImageEvents(sse, objects, dialect, time);
            return Task.FromResult<IEditEvents>(events);
        });
        if (events is { HasEnded: true })
            return true;
        if (events is not null)
            await events.FailAsync(EditEnd.CutOff, context.RequestAborted);
        return false;
    }

    private async Task CancelAsync(string tenant, string id)
    {
        try
        {
            using var limit = new CancellationTokenSource(s_cancelWithin, time);
            await control.CancelAsync(tenant, id, limit.Token);
        }
        catch (Exception problem)
        {
            // It then runs to its end; nobody is there who could be told.
            LogNotCanceled(problem, id);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{EditId}, which nobody waits for any more, could not be canceled")]
    private partial void LogNotCanceled(Exception problem, string editId);
}
