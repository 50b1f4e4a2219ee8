using System.Text.Json;
using FlexEdit.Contracts.Ledger;
using FlexEdit.Contracts.Messages;
using FlexEdit.Gateway.Edits.SubmitEdit;
using FlexEdit.Gateway.Edits.WatchEdit;
using FlexEdit.Gateway.Hosting;
using FlexEdit.Gateway.Models;
using FlexEdit.Gateway.Uploads;
using FlexEdit.Platform.Problems;
using FlexEdit.Platform.Tenancy;
using Microsoft.Extensions.Options;

namespace FlexEdit.Gateway.Edits.ApproveEdit;

/// <summary>
/// <c>POST /v1/edits/{id}/approve</c>: an edit that awaits approval goes on. A corrected label, instruction or mask (a picture or marks, of the
/// scene's size) is understood anew before the picture is painted. An empty body corrects nothing. <c>Prefer</c> and <c>Idempotency-Key</c> mean what they
/// mean where an edit is submitted.
/// </summary>
internal sealed class ApproveRoute(
    UploadRoom room, EditPictures pictures, AskStorage<Contracts.Messages.ApproveEdit, EditApproved> storage, OfferedModels models, IEditJournal journal,
    IKeyedRequests keyed, KeysUnderWay keys, EditOutcome outcome, IOptions<GatewayOptions> options)
{
    /// <summary>Handles one request: 200 with the job; 202 where the client would rather have waited for its end, or for nothing, and it has not ended.</summary>
    /// <exception cref="ProblemException">404: no such edit; 409: it does not await approval, or was approved with other words; what is wrong with a correction.</exception>
    public async Task HandleAsync(HttpContext context, string id)
    {
        var headers = CallHeaders.Read(context.Request.Headers, options.Value.LongestWait);
        var replayed = await ApproveAsync(context, id, headers);
        await AnswerAsync(context, id, headers, replayed);
    }

    // Whether an earlier request with the same key did it.
    private async Task<bool> ApproveAsync(HttpContext context, string id, CallHeaders headers)
    {
        var (limits, tenant, gone) = (options.Value, context.GetTenant(), context.RequestAborted);
        ReadBody.CheckEncoding(context.Request);
        using var entry = keys.Enter(tenant, headers.IdempotencyKey);
        var (model, width, height) = SceneOf(await journal.ExistingAsync(tenant, id, 0, gone));

        using var folder = room.Open();
        var fields = IsEmpty(context.Request) ? new EditFields() : await ReadBody.RunAsync(context.Request, folder, limits, FieldNames.UseOfApproval, gone);
        var keyDigest = headers.IdempotencyKey is null ? null : fields.Digest($"approve {id}");
        if (await keyed.FirstAnswerAsync(tenant, headers.IdempotencyKey, keyDigest, gone) is not null)
            return true;
        var label = Label.Read(fields.Choice(FieldNames.Label), models.Find(model) is { ReadsLabels: true });
        var instruction = fields.Choice(FieldNames.Instruction) is { } text ? Instruction.Read(text, limits.InstructionLength) : null;
        EditPictures.CheckOneMask(fields);
        var hasMask = fields.Picture(FieldNames.Mask) is not null || fields.Tree(FieldNames.MaskShapes) is not null;

        var approved = await storage.RunAsync(
            new Contracts.Messages.ApproveEdit
            {
                EditId = id,
                Tenant = tenant,
                Label = label,
                Instruction = instruction,
                Mask = hasMask ? await pictures.StoreMaskAsync(fields, width, height, tenant, folder, gone) : null,
                RequestDigest = fields.Digest(""),
                IdempotencyKey = headers.IdempotencyKey,
                KeyDigest = keyDigest,
            },
            gone);
        return approved.Replayed;
    }

    private async Task AnswerAsync(HttpContext context, string id, CallHeaders headers, bool replayed)
    {
        var (tenant, gone, response) = (context.GetTenant(), context.RequestAborted, context.Response);
        var job = headers.Wait is { } wait ? await outcome.ReadAsync(tenant, id, wait, gone) : null;
        job ??= await journal.ExistingAsync(tenant, id, 0, gone);
        var finished = EditOutcome.IsSettled(job.Status);
        SubmitRoute.Answer(response, headers, accepted: headers.Prefers && !(finished && headers.Wait is not null), finished, replayed);
        await response.WriteAsync(job.Job, gone);
    }

    private static bool IsEmpty(HttpRequest request) => request.ContentType is null && request.ContentLength is null or 0;

    private static (string Model, int Width, int Height) SceneOf(EditJournal log)
    {
        using var job = JsonDocument.Parse(log.Job);
        var scene = job.RootElement.GetProperty("inputs").GetProperty("scene");
        return (job.RootElement.GetProperty("model").GetString()!, scene.GetProperty("width").GetInt32(), scene.GetProperty("height").GetInt32());
    }
}
