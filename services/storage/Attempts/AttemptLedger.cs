using FlexEdit.Contracts.Ledger;
using FlexEdit.Storage.Edits;
using FlexEdit.Storage.Ledger;

namespace FlexEdit.Storage.Attempts;

/// <summary>
/// What workers say to the ledger; a file each verb. Every write is fenced: it counts only while the named attempt is the live one.
/// All verbs may be repeated after an unknown outcome: what was taken before is answered as it was then.
/// </summary>
internal sealed partial class AttemptLedger(LedgerWriter writer) : IAttemptLedger
{
    /// <summary>The edit and the attempt if it is the live one, else null.</summary>
    private static async Task<(EditFlow Flow, AttemptRow Attempt)?> FindLiveAsync(LedgerChange change, AttemptRef attempt)
    {
        if (await change.FindEditAsync(attempt.EditId) is not { } flow || flow.Edit.LiveAttempt != attempt.Attempt || flow.Edit.LiveStage != attempt.Stage)
            return null;
        return (flow, await FindAsync(change, attempt) ?? throw new InvalidOperationException("A live attempt has no row."));
    }

    /// <summary>Whether the attempt ended with this outcome already: the worker did not hear the first answer and asks again.</summary>
    private static async Task<bool> EndedAsync(LedgerChange change, AttemptRef attempt, params string[] outcomes) =>
        await FindAsync(change, attempt) is { Outcome: { } outcome } && outcomes.Contains(outcome);

    private static async Task<AttemptRow?> FindAsync(LedgerChange change, AttemptRef attempt) =>
        await change.Ledger.Attempts.FindAsync(attempt.EditId, attempt.Attempt);
}
