using System.Text.Json;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Batches;
using FlexEdit.Contracts.Errors;
using FlexEdit.Contracts.Messages;
using FlexEdit.Gateway.Edits.WatchEdit;
using FlexEdit.Gateway.Hosting;
using FlexEdit.Gateway.Models;
using FlexEdit.Gateway.Uploads;
using FlexEdit.Platform.Problems;
using FlexEdit.Platform.Tenancy;
using Microsoft.Extensions.Options;

namespace FlexEdit.Gateway.Edits.SubmitEdit;

/// <summary>
/// <c>POST /v1/edits</c>. In this order: (1) the headers, (2) the body, streamed to temporary files, (3) everything that can be
/// refused without opening a picture, (4) the pictures, decoded in child processes and stored by their content,
/// (5) the job, durable in storage, (6) the answer.
/// </summary>
internal sealed class SubmitRoute(
    UploadRoom room, EditPictures pictures, AskStorage<Contracts.Messages.SubmitEdit, EditSubmitted> storage, OfferedModels models, EditOutcome outcome, KeysUnderWay keys,
    IOptions<GatewayOptions> options, TimeProvider time)
{
    /// <summary>Handles one request.</summary>
    /// <exception cref="ProblemException">Whatever is wrong with it; nothing was made then.</exception>
    public async Task HandleAsync(HttpContext context)
    {
        var limits = options.Value;
        var request = context.Request;
        var tenant = context.GetTenant();

        // (1)
        var headers = CallHeaders.Read(request.Headers, limits.LongestWait);
        CheckEncoding(request);

        EditSubmitted submitted;
        using (keys.Enter(tenant, headers.IdempotencyKey))
            submitted = await TakeInAsync(context, tenant, headers, limits);

        // (6)
        await AnswerAsync(context, tenant, submitted, headers);
    }

    private async Task<EditSubmitted> TakeInAsync(HttpContext context, string tenant, CallHeaders headers, GatewayOptions limits)
    {
        var (request, gone) = (context.Request, context.RequestAborted);

        // (2)
        using var folder = room.Open();
        var fields = await ReadAsync(request, folder, limits, FieldNames.IsPicture, gone);
        return await MakeAsync(fields, tenant, folder, headers, line: null, gone);
    }

    /// <summary>From the fields of an edit, a single one or a batch's line, to a durable job: steps (3) to (5).</summary>
    /// <exception cref="ProblemException">Whatever is wrong with it; nothing was made then.</exception>
    internal async Task<EditSubmitted> MakeAsync(
        EditFields fields, string tenant, UploadFolder folder, CallHeaders headers, TakenLine? line, CancellationToken gone)
    {
        var limits = options.Value;

        // (3)
        EditPictures.CheckPresence(fields);
        var instruction = Instruction.Read(fields.Text(FieldNames.Instruction), limits.InstructionLength);
        var card = models.Choose(fields.Choice(FieldNames.Model));
        var chosen = ReadOptions.Run(fields, card, hasSubject: fields.Picture(FieldNames.Subject) is not null);
        var metadata = Metadata.Read(fields.Tree(FieldNames.Metadata));
        var (webhook, webhookEvents) = ReadWebhook.Run(fields);

        // (4)
        var inputs = await pictures.StoreAsync(fields, tenant, folder, gone);

        // (5)
        return await storage.RunAsync(
            new Contracts.Messages.SubmitEdit
            {
                EditId = Ids.NewEdit(time),
                Tenant = tenant,
                Model = card.Id,
                Instruction = instruction,
                Options = chosen,
                Inputs = inputs,
                Metadata = metadata,
                BatchId = line?.BatchId,
                BatchLine = line?.Line ?? 0,
                Webhook = webhook,
                WebhookEvents = webhookEvents,
                CancelAfter = headers.CancelAfter,
                IdempotencyKey = headers.IdempotencyKey,
                RequestDigest = headers.IdempotencyKey is null ? null : fields.Digest($"Cancel-After: {headers.CancelAfter}"),
            },
            gone);
    }

    private async Task AnswerAsync(HttpContext context, string tenant, EditSubmitted submitted, CallHeaders headers)
    {
        var id = submitted.EditId;
        // Storage has said already how the job began.
        var job = headers.Wait is null && submitted.Job is not null ? null : await outcome.ReadAsync(tenant, id, headers.Wait ?? TimeSpan.Zero, context.RequestAborted);
        var finished = job is not null && EditOutcome.IsSettled(job.Status);
        var response = context.Response;
        response.StatusCode = finished && headers.Wait is not null ? StatusCodes.Status200OK : StatusCodes.Status202Accepted;
        response.Headers.Location = $"/v1/edits/{id}";
        if (response.StatusCode == StatusCodes.Status202Accepted)
            response.Headers.RetryAfter = "1";
        if (submitted.Replayed)
            response.Headers["Idempotency-Replayed"] = "true";
        if (headers.Applied(finished) is { } applied)
            response.Headers["Preference-Applied"] = applied;
        response.Headers.CacheControl = "no-store";
        response.ContentType = "application/json; charset=utf-8";
        await response.WriteAsync(job?.Job ?? submitted.Job ?? JsonSerializer.Serialize(AcceptedEdit.Of(id), ContractJson.Options), context.RequestAborted);
    }

    /// <summary>Refuses a compressed body.</summary>
    /// <exception cref="ProblemException">415.</exception>
    internal static void CheckEncoding(HttpRequest request)
    {
        if (request.Headers.ContentEncoding.Count > 0)
            throw WrongMediaType("Send the body without a Content-Encoding.");
    }

    /// <summary>The fields of a body, a form or JSON.</summary>
    /// <exception cref="ProblemException">415: another type; and what the readers refuse.</exception>
    internal static Task<EditFields> ReadAsync(
        HttpRequest request, UploadFolder folder, GatewayOptions limits, Func<string, bool> isPictureField, CancellationToken gone)
    {
        var type = request.ContentType?.Split(';')[0].Trim();
        return "multipart/form-data".Equals(type, StringComparison.OrdinalIgnoreCase) ? ReadForm.RunAsync(request, folder, limits, isPictureField, gone)
            : "application/json".Equals(type, StringComparison.OrdinalIgnoreCase) ? ReadJson.RunAsync(request, folder, limits, isPictureField, gone)
            : throw WrongMediaType("Send the body as multipart/form-data (files) or application/json (data: URIs).");
    }

    private static ProblemException WrongMediaType(string detail) =>
        new(new Problem { Status = 415, Code = ErrorCodes.UnsupportedMediaType, Detail = detail });
}
