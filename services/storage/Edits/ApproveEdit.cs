using System.Text.Json;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Errors;
using FlexEdit.Contracts.Messages;
using FlexEdit.Platform.Objects;
using FlexEdit.Storage.Assets;
using FlexEdit.Storage.Ledger;
using static FlexEdit.Storage.Ledger.LedgerJson;

namespace FlexEdit.Storage.Edits;

/// <summary>What became of an approval: it is committed, or why it does not count.</summary>
internal readonly record struct ApproveOutcome(EditApproved? Approved, EditRefused? Refused)
{
    public static implicit operator ApproveOutcome(EditApproved approved) => new(approved, null);

    public static implicit operator ApproveOutcome(EditRefused refused) => new(null, refused);
}

/// <summary>Lets an edit that waits for its client go on, corrected where the client says so. The same approval again changes nothing.</summary>
internal sealed class ApproveEditHandler(LedgerWriter writer, IObjectStore objects, RemoveEditHandler remove)
{
    /// <summary>Returns once the approval is committed, or why it does not count.</summary>
    public async Task<ApproveOutcome> HandleAsync(ApproveEdit approve, CancellationToken cancellationToken)
    {
        var outcome = await ApproveAsync(approve, cancellationToken);
        // The mask before is perhaps nobody's now; until it is gone, who brings the same one has to wait.
        if (outcome.Refused is null && approve.Mask is not null)
            await remove.FinishAsync(cancellationToken);
        return outcome;
    }

    private Task<ApproveOutcome> ApproveAsync(ApproveEdit approve, CancellationToken cancellationToken) => writer.WriteAsync<ApproveOutcome>(
        async change =>
        {
            if (await change.FindEditAsync(approve.EditId) is not { } flow || flow.Edit.Tenant != approve.Tenant)
                return Refuse(404, ErrorCodes.NotFound, "There is no such edit.");
            var approved = new EditApproved { EditId = approve.EditId };
            if (await KeyAsync(change, approve, take: false, cancellationToken) is { } known)
                return known;
            if (flow.Edit.ApprovalJson is { } kept)
            {
                return Read<Approval>(kept).Digest == approve.RequestDigest
                    ? await KeyAsync(change, approve, take: true, cancellationToken) ?? approved
                    : Refuse(409, ErrorCodes.Conflict, "The edit was approved before, with other words; make a new edit to correct it again.");
            }
            if (flow.Edit.Status == EditStatus.AwaitingApproval && flow.Edit.WaitUntil <= change.Now)
                flow.WaitedTooLong();
            if (flow.Edit.Status != EditStatus.AwaitingApproval)
                return Refuse(409, ErrorCodes.Conflict, $"The edit is {flow.Edit.Status}; only one that is {EditStatus.AwaitingApproval} can be approved.");
            if (approve.Mask is { } mask && await ChangeMaskAsync(change, flow.Edit, mask, cancellationToken) is { } refused)
            {
                change.Abandon();
                return refused;
            }
            flow.Edit.Instruction = approve.Instruction ?? flow.Edit.Instruction;
            flow.Approve(
                new Approval { Digest = approve.RequestDigest, Label = approve.Label, At = UtcTime.Of(change.Now) },
                corrected: approve is not { Label: null, Instruction: null, Mask: null });
            // Last: a key stands for what was done, never for a refusal.
            return await KeyAsync(change, approve, take: true, cancellationToken) ?? approved;
        },
        cancellationToken);

    // Null where there is no key, or it was free.
    private static async Task<ApproveOutcome?> KeyAsync(LedgerChange change, ApproveEdit approve, bool take, CancellationToken cancellationToken)
    {
        if (approve.IdempotencyKey is not { } key)
            return (ApproveOutcome?)default;
        var digest = approve.KeyDigest ?? throw new ArgumentException("A key comes with the request's digest.", nameof(approve));
        var (made, refused) = take
            ? await IdempotencyKeys.UseAsync(change, approve.Tenant, key, digest, approve.EditId, cancellationToken)
            : await IdempotencyKeys.LookAsync(change, approve.Tenant, key, digest, cancellationToken);
        if (refused is not null)
            return (ApproveOutcome)refused;
        if (made is not null)
            return (ApproveOutcome)new EditApproved { EditId = made, Replayed = true };
        return (ApproveOutcome?)default;
    }

    private async Task<EditRefused?> ChangeMaskAsync(LedgerChange change, EditRow edit, InputPicture mask, CancellationToken cancellationToken)
    {
        var before = Read<EditInputs>(edit.InputsJson);
        if ((mask.Width, mask.Height) != (before.Scene.Width, before.Scene.Height))
            return Refuse(422, ErrorCodes.MaskSizeMismatch, "The mask has another size than the scene.", "mask");
        var after = before with { Mask = mask };
        var (old, now) = (before.Keys().ToArray(), after.Keys().ToArray());
        if (await HeldInputs.HoldAsync(change, objects, [.. now.Except(old)], edit.Id, cancellationToken) is { } refused)
            return refused;
        await HeldInputs.LetGoAsync(change, [.. old.Except(now)], edit.Id, cancellationToken);
        edit.InputsJson = JsonSerializer.Serialize(await EditAssets.NameAsync(change, edit.Tenant, after, cancellationToken), ContractJson.Options);
        return null;
    }

    private static EditRefused Refuse(int status, string code, string detail, string? param = null) =>
        new() { Status = status, Code = code, Detail = detail, Param = param };
}
