using FlexEdit.Contracts;
using FlexEdit.Contracts.Ledger;
using FlexEdit.Platform.Problems;

namespace FlexEdit.Gateway.Edits;

/// <summary>Reads edits that a path names.</summary>
internal static class ExistingEdit
{
    /// <summary>The edit's log after a sequence number.</summary>
    /// <exception cref="ProblemException">404: the tenant has no such edit.</exception>
    public static async Task<EditJournal> ExistingAsync(this IEditJournal journal, string tenant, string id, long after, CancellationToken cancellationToken) =>
        (Ids.IsWellFormed(id, "edt_") ? await journal.ReadAsync(tenant, id, after, cancellationToken) : null)
        ?? throw None;

    /// <summary>That there is none.</summary>
    public static ProblemException None => new(Problem.NotFound("There is no such edit."));
}
