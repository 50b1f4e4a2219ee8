using FlexEdit.Contracts;
using FlexEdit.Contracts.Batches;
using FlexEdit.Contracts.Ledger;
using FlexEdit.Contracts.Messages;
using FlexEdit.Gateway.Hosting;
using FlexEdit.Gateway.Models;
using FlexEdit.Gateway.Uploads;
using FlexEdit.Platform.Problems;
using FlexEdit.Platform.Tenancy;
using Microsoft.Extensions.Options;

namespace FlexEdit.Gateway.Edits.SubmitEdit;

/// <summary>
/// A request for an edit, through whatever door, becomes a durable job. In this order: (1) the body, streamed to temporary files; where an earlier request with
/// its key was answered, that is the end, (2) everything that can be refused without opening a picture, (3) the pictures, decoded in child processes and stored by
/// their content, (4) the job, durable in storage.
/// </summary>
internal sealed class TakeInEdit(
    UploadRoom room, EditPictures pictures, AskStorage<Contracts.Messages.SubmitEdit, EditSubmitted> storage, OfferedModels models, KeysUnderWay keys,
    IKeyedRequests keyed, ReplayEdit replays, IOptions<GatewayOptions> options, TimeProvider time)
{
    /// <summary>Takes one request in.</summary>
    /// <exception cref="ProblemException">Whatever is wrong with it; nothing was made then.</exception>
    public async Task<EditSubmitted> RunAsync(HttpContext context, CallHeaders headers, IEditDialect dialect)
    {
        var (request, tenant, limits, gone) = (context.Request, context.GetTenant(), options.Value, context.RequestAborted);
        ReadBody.CheckEncoding(request);
        using var entry = keys.Enter(tenant, headers.IdempotencyKey);

        // (1)
        using var folder = room.Open();
        var fields = await ReadBody.RunAsync(request, folder, limits, dialect.UseOf, gone);

        return await MakeAsync(fields, tenant, folder, headers, dialect, line: null, gone);
    }

    /// <summary>From the fields of an edit, a single one or a batch's line, to a durable job: steps (2) to (4).</summary>
    /// <exception cref="ProblemException">Whatever is wrong with it; nothing was made then.</exception>
    public async Task<EditSubmitted> MakeAsync(
        EditFields fields, string tenant, UploadFolder folder, CallHeaders headers, IEditDialect dialect, TakenLine? line, CancellationToken gone)
    {
        dialect.Complete(fields);
        var digest = headers is { IdempotencyKey: null, Repetition: null } ? null : fields.Digest($"Cancel-After: {headers.CancelAfter}");
        // Before anything is looked up: what the request names may be gone since the first one.
        if (await keyed.FirstAnswerAsync(tenant, headers.IdempotencyKey, digest, gone) is { } made)
            return new EditSubmitted { EditId = made, Replayed = true };

        // (2), and for a new edit (3)
        var metadata = Metadata.Read(fields.Tree(FieldNames.Metadata));
        var (webhook, webhookEvents) = ReadWebhook.Run(fields);
        var asked = fields.Choice(FieldNames.ReplayOf) is { } of
            ? await replays.ReadAsync(fields, of, tenant, gone)
            : await NewAsync(fields, tenant, folder, dialect, gone);

        // (4) From here on the edit may exist: a client that leaves now ends no wait, so that whoever answers it knows.
        return await storage.RunAsync(
            new Contracts.Messages.SubmitEdit
            {
                EditId = Ids.NewEdit(time),
                Tenant = tenant,
                Model = asked.Model,
                Instruction = asked.Instruction,
                Options = asked.Options,
                Inputs = asked.Inputs,
                ReplayOf = asked.ReplayOf,
                Metadata = metadata,
                BatchId = line?.BatchId,
                BatchLine = line?.Line ?? 0,
                Webhook = webhook,
                WebhookEvents = webhookEvents,
                CancelAfter = headers.CancelAfter,
                IdempotencyKey = headers.IdempotencyKey,
                RequestDigest = headers.IdempotencyKey is null ? null : digest,
                CountedDigest = headers.IdempotencyKey is null ? digest : null,
                Repeated = headers.Repetition > 0,
                Door = dialect.Door,
            },
            CancellationToken.None);
    }

    private async Task<AskedEdit> NewAsync(EditFields fields, string tenant, UploadFolder folder, IEditDialect dialect, CancellationToken gone)
    {
        EditPictures.CheckPresence(fields);
        var instruction = Instruction.Read(fields.Text(FieldNames.Instruction), options.Value.InstructionLength);
        var card = models.Choose(fields.Choice(FieldNames.Model));
        var chosen = ReadOptions.Run(fields, card, hasSubject: fields.Picture(FieldNames.Subject) is not null);

        // (3)
        return new AskedEdit(card.Id, instruction, chosen, await pictures.StoreAsync(fields, tenant, folder, dialect.CheckScene, gone));
    }
}
