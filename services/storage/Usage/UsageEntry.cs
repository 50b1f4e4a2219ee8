using FlexEdit.Contracts.Edits;
using FlexEdit.Storage.Ledger;

namespace FlexEdit.Storage.Usage;

/// <summary>What an edit that has just ended used.</summary>
internal static class UsageEntry
{
    /// <summary>An entry of the day on which it ended; null where it used nothing.</summary>
    public static UsageEntryRow? Of(EditRow edit, long pixels)
    {
        var succeeded = edit.Status == EditStatus.Succeeded;
        return succeeded || edit.ModelMs > 0
            ? new UsageEntryRow
            {
                EditId = edit.Id,
                Tenant = edit.Tenant,
                Day = UsageDays.Of(edit.CompletedAt ?? throw new InvalidOperationException("The edit has not ended.")),
                Model = edit.Model,
                Edits = succeeded ? 1 : 0,
                Pixels = pixels,
                ModelMs = edit.ModelMs,
            }
            : null;
    }
}
