using System.Diagnostics;
using System.Text.Json;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Errors;
using FlexEdit.Contracts.Messages;
using FlexEdit.Platform.Objects;
using FlexEdit.Storage.Assets;
using FlexEdit.Storage.Ledger;
using FlexEdit.Storage.Reads;
using FlexEdit.Storage.Tenants;
using FlexEdit.Storage.Webhooks.Endpoints;
using FlexEdit.Storage.Webhooks.Events;
using FlexEdit.Storage.Webhooks.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FlexEdit.Storage.Edits;

/// <summary>What became of a submission: the edit that is durable now, or why nothing was made.</summary>
internal readonly record struct SubmitOutcome(EditSubmitted? Submitted, EditRefused? Refused)
{
    public static implicit operator SubmitOutcome(EditSubmitted submitted) => new(submitted, null);

    public static implicit operator SubmitOutcome(EditRefused refused) => new(null, refused);
}

/// <summary>Makes an edit durable. The same id, or the same key with the same request, again makes nothing new.</summary>
internal sealed class SubmitEditHandler(LedgerWriter writer, EditReader reader, IObjectStore objects, EditsInFlight inFlight, IOptions<WebhookOptions> webhooks)
{
    /// <summary>Returns once the edit is committed, or nothing was made.</summary>
    public async Task<SubmitOutcome> HandleAsync(SubmitEdit submit, CancellationToken cancellationToken)
    {
        EditRow? made = null;
        var outcome = await writer.WriteAsync(
            async change =>
            {
                (var decided, made) = await DecideAsync(change, submit, cancellationToken);
                return decided;
            },
            cancellationToken);
        return made is null ? outcome : outcome.Submitted! with { Job = await JobAsync(made, cancellationToken) };
    }

    private async Task<(SubmitOutcome Outcome, EditRow? Made)> DecideAsync(LedgerChange change, SubmitEdit submit, CancellationToken cancellationToken)
    {
        if (await FindOwnerAsync(change, submit.EditId) is { } owner)
            return (owner == submit.Tenant ? new EditSubmitted { EditId = submit.EditId } : Refuse(409, ErrorCodes.Conflict, "The id is taken."), null);
        var line = submit.BatchId is null ? null : await change.Ledger.BatchLines.FindAsync([submit.BatchId, submit.BatchLine], cancellationToken);
        if (WhatBecameOf(submit, line) is { } became)
            return (became, null);
        if (submit.CancelAfter <= TimeSpan.Zero)
            return (Refuse(400, ErrorCodes.Malformed, "Cancel-After is a time to come, for instance 90s.", "Cancel-After"), null);
        if (WhyRefused(submit) is { } unfit)
            return (unfit, null);
        if (submit.IdempotencyKey is not null && await UseKeyAsync(change, submit, cancellationToken) is { } known)
            return (known, null);
        if (submit.CountedDigest is { } digest && await CountedRequests.UseAsync(change, submit.Tenant, digest, submit.EditId, submit.Repeated, cancellationToken) is { } earlier)
            return (new EditSubmitted { EditId = earlier, Replayed = true }, null);
        if (await inFlight.WhyRefusedAsync(change, submit.Tenant, cancellationToken) is { } full)
        {
            change.Abandon();
            return (full, null);
        }
        if (await HeldInputs.HoldAsync(change, objects, [.. submit.Inputs.Keys()], submit.EditId, cancellationToken) is { } refused)
        {
            change.Abandon();
            return (refused, null);
        }
        var original = submit.ReplayOf is null ? null : await OriginalAsync(change, submit, cancellationToken);
        if (submit.ReplayOf is not null && original is null)
        {
            change.Abandon();
            return (Refuse(404, ErrorCodes.NotFound, "The edit that is to be run again is not there any more.", "replay_of"), null);
        }
        var edit = new EditRow
        {
            Id = submit.EditId,
            Tenant = submit.Tenant,
            Model = submit.Model,
            Instruction = submit.Instruction,
            OptionsJson = JsonSerializer.Serialize(submit.Options, ContractJson.Options),
            InputsJson = JsonSerializer.Serialize(await EditAssets.NameAsync(change, submit.Tenant, submit.Inputs, cancellationToken), ContractJson.Options),
            MetadataJson = JsonSerializer.Serialize(submit.Metadata, ContractJson.Options),
            Status = EditStatus.Queued,
            TraceParent = Activity.Current?.Id,
            CreatedAt = change.Now,
            BatchId = submit.BatchId,
            Webhook = submit.Webhook,
            WebhookEvents = submit.Webhook is null ? null : WebhookEvents.Filter(submit.WebhookEvents),
            DoorJson = submit.Door is null ? null : JsonSerializer.Serialize(submit.Door, ContractJson.Options),
            // With the approval, its label counts again, and nobody is asked.
            ApprovalJson = original?.ApprovalJson,
            ReplayJson = original is null ? null : JsonSerializer.Serialize(ReplayOf(original), ContractJson.Options),
        };
        change.Ledger.Edits.Add(edit);
        if (line is not null)
            (line.State, line.EditId) = (LineState.Made, edit.Id);
        if (submit.Webhook is not null)
            await WebhookSecrets.EnsureDefaultAsync(change, submit.Tenant, cancellationToken);
        new EditFlow(change, edit).Submit(submit.CancelAfter ?? change.Rules.QueueDeadline);
        return (new EditSubmitted { EditId = edit.Id }, edit);
    }

    // The edit is durable, whether or not it can be read just now.
    private async Task<string?> JobAsync(EditRow made, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.JobAsync(made, cancellationToken);
        }
        catch (Exception error) when (LedgerFailure.Is(error))
        {
            return null;
        }
    }

    private static Task<EditRow?> OriginalAsync(LedgerChange change, SubmitEdit submit, CancellationToken cancellationToken) =>
        change.Ledger.Edits.AsNoTracking().SingleOrDefaultAsync(
            edit => edit.Id == submit.ReplayOf && edit.Tenant == submit.Tenant && edit.OutputsJson != null, cancellationToken);

    private static Replay ReplayOf(EditRow original) => new()
    {
        Of = original.Id,
        Expected = [.. JsonSerializer.Deserialize<List<EditOutput>>(original.OutputsJson!, ContractJson.Options)!.OrderBy(output => output.Index).Select(output => output.PictureSha256 ?? output.Sha256)],
    };

    private static Task<string?> FindOwnerAsync(LedgerChange change, string editId) => change.Ledger.Edits.Where(e => e.Id == editId).Select(e => e.Tenant)
        .Concat(change.Ledger.Removed.Where(r => r.Id == editId).Select(r => r.Tenant)).SingleOrDefaultAsync();

    // Null where the key is free, which is then taken.
    private static async Task<SubmitOutcome?> UseKeyAsync(LedgerChange change, SubmitEdit submit, CancellationToken cancellationToken)
    {
        var digest = submit.RequestDigest ?? throw new ArgumentException("A key comes with the request's digest.", nameof(submit));
        var (made, refused) = await IdempotencyKeys.UseAsync(change, submit.Tenant, submit.IdempotencyKey!, digest, submit.EditId, cancellationToken);
        if (refused is not null)
            return refused;
        if (made is null)
            return null;
        return await change.FindEditAsync(made) is null ? IdempotencyKeys.Removed("edit") : new EditSubmitted { EditId = made, Replayed = true };
    }

    // Null for a single edit, and for a line of which no edit was made yet.
    private static SubmitOutcome? WhatBecameOf(SubmitEdit submit, BatchLineRow? line) => (submit.BatchId, line?.State) switch
    {
        (null, _) or (_, LineState.Waiting) => null,
        (_, LineState.Made) => new EditSubmitted { EditId = line!.EditId!, Replayed = true },
        (_, null) => Refuse(404, ErrorCodes.NotFound, "There is no such line."),
        _ => Refuse(409, ErrorCodes.Conflict, "The line was refused or canceled."),
    };

    private EditRefused? WhyRefused(SubmitEdit submit)
    {
        if (submit.Webhook is not null && webhooks.Value.Rules.WhyRefused(submit.Webhook) is { } refused)
            return Refuse(422, ErrorCodes.WebhookInvalid, refused, "webhook");
        if (submit.WebhookEvents is not null && WebhookFields.WhyRefused(submit.WebhookEvents, WebhookEvents.OfEdits) is { } unknown)
            return Refuse(422, ErrorCodes.WebhookInvalid, unknown, "webhook_events");
        return null;
    }

    private static EditRefused Refuse(int status, string code, string detail, string? param = null) =>
        new() { Status = status, Code = code, Detail = detail, Param = param };
}
