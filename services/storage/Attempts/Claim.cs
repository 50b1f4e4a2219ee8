using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Ledger;
using FlexEdit.Platform.Objects;
using FlexEdit.Storage.Ledger;
using static FlexEdit.Storage.Ledger.LedgerJson;

namespace FlexEdit.Storage.Attempts;

internal sealed partial class AttemptLedger
{
    /// <inheritdoc/>
    public Task<AttemptGrant?> ClaimAsync(ClaimAttempt claim, CancellationToken cancellationToken) => writer.WriteAsync(
        async change =>
        {
            if (await change.FindEditAsync(claim.EditId) is not { } flow)
                return null;
            var edit = flow.Edit;
            // The worker did not hear the answer to its claim and asks again.
            if (edit.LiveStage == claim.Stage && claim.ClaimId is { } claimId && await LiveAsync(change, edit) is { } mine && mine.ClaimId == claimId)
                return Grant(edit, mine, change);
            if (edit.WaitingFor != claim.Stage || edit.RunAfter > change.Now)
                return null;
            if (edit.WaitUntil <= change.Now)
            {
                flow.WaitedTooLong();
                return null;
            }
            var attempt = flow.Claim(claim.Stage, claim.Worker, claim.ClaimId);
            return Grant(edit, attempt, change);
        },
        cancellationToken);

    private static async Task<AttemptRow?> LiveAsync(LedgerChange change, EditRow edit) =>
        edit.LiveAttempt is { } number ? await change.Ledger.Attempts.FindAsync(edit.Id, number) : null;

    private static AttemptGrant Grant(EditRow edit, AttemptRow attempt, LedgerChange change) => new()
    {
        Attempt = new AttemptRef { EditId = edit.Id, Stage = attempt.Stage, Attempt = attempt.Number },
        Lease = change.Rules.Lease,
        RunDeadline = change.Rules.RunDeadline,
        Model = edit.Model,
        Instruction = edit.Instruction,
        ObjectPrefix = ObjectKeys.Edit(edit.Tenant, edit.Id),
        Options = Read<EditOptions>(edit.OptionsJson),
        Inputs = Read<EditInputs>(edit.InputsJson),
        Label = edit.ApprovalJson is null ? null : Read<Edits.Approval>(edit.ApprovalJson).Label,
        Understanding = attempt.Stage == EditStage.Understanding || edit.UnderstandingJson is null
            ? null
            : Read<UnderstandingResult>(edit.UnderstandingJson),
    };
}
