using FlexEdit.Storage.Ledger;
using Microsoft.EntityFrameworkCore;

namespace FlexEdit.Storage.Releasing;

/// <summary>
/// A lane is the queue of one stage and model. At most <see cref="Hosting.StorageOptions.ReleaseAhead"/> of its commands are at the broker and
/// not claimed; the other edits are held in the ledger, where it is still open whose turn is next.
/// </summary>
internal static class Lanes
{
    /// <summary>Whether an edit that begins to wait may go at once: nobody is held in its lane, and there is room.</summary>
    public static async Task<bool> HasRoomAsync(LedgerChange change, EditRow edit)
    {
        var edits = change.Ledger.Edits.AsNoTracking();
        if (await edits.AnyAsync(e => e.Held && e.WaitingFor == edit.WaitingFor && e.Model == edit.Model))
            return false;
        var most = change.Rules.MostOf(edit.Tenant);
        return await ReleasedAsync(change.Ledger, edit.WaitingFor!, edit.Model, change.Now, CancellationToken.None) < change.Rules.ReleaseAhead
            && (most == int.MaxValue || await OfTenantAsync(change, edit.WaitingFor!, edit.Model, edit.Tenant) < most);
    }

    /// <summary>How many commands of a lane are at the broker; those that wait for a retry are not.</summary>
    public static Task<int> ReleasedAsync(LedgerContext ledger, string stage, string model, long now, CancellationToken cancellationToken) => ledger.Edits
        .CountAsync(e => e.WaitingFor != null && !e.Held && e.WaitingFor == stage && e.Model == model && e.RunAfter <= now, cancellationToken);

    /// <summary>How many of a tenant's edits are at the broker or at work in a lane.</summary>
    public static async Task<int> OfTenantAsync(LedgerChange change, string stage, string model, string tenant) =>
        await change.Ledger.Edits.CountAsync(e => e.WaitingFor != null && !e.Held && e.WaitingFor == stage && e.Model == model && e.Tenant == tenant)
        + await change.Ledger.Edits.CountAsync(e => e.LiveAttempt != null && e.LiveStage == stage && e.Model == model && e.Tenant == tenant);
}
