using FlexEdit.Contracts;
using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Ledger;
using FlexEdit.Storage.Ledger;
using Microsoft.EntityFrameworkCore;
using static FlexEdit.Storage.Ledger.LedgerJson;

namespace FlexEdit.Storage.Reads;

/// <summary>Edits and their event logs, as gateways read them.</summary>
internal sealed class EditJournalReader(IDbContextFactory<LedgerContext> ledgers, EditReader reader) : IEditJournal, IEditPages
{
    /// <inheritdoc/>
    public async Task<EditJournal?> ReadAsync(string tenant, string editId, long afterSequence, CancellationToken cancellationToken)
    {
        if (!Ids.IsWellFormed(editId, "edt_"))
            return null;
        await using var ledger = await ledgers.CreateDbContextAsync(cancellationToken);
        var edit = await ledger.Edits.AsNoTracking().Include(e => e.Attempts).AsSingleQuery()
            .SingleOrDefaultAsync(e => e.Id == editId && e.Tenant == tenant, cancellationToken);
        if (edit is null)
            return null;
        // Events that came after the edit was read belong to the next reading.
        var events = await ledger.Events.AsNoTracking()
            .Where(e => e.EditId == editId && e.Sequence > afterSequence && e.Sequence <= edit.Sequence)
            .OrderBy(e => e.Sequence).ToListAsync(cancellationToken);
        return Of(edit, events, await reader.JobAsync(edit, cancellationToken));
    }

    /// <inheritdoc/>
    public async Task<EditPage> ListAsync(string tenant, EditPageRequest request, CancellationToken cancellationToken)
    {
        var page = await reader.PageAsync(tenant, request, cancellationToken);
        var edits = new List<EditJournal>(request.Limit);
        foreach (var edit in page.Take(request.Limit))
            edits.Add(Of(edit, [], await reader.JobAsync(edit, cancellationToken)));
        return new EditPage { Edits = edits, HasMore = page.Count > request.Limit };
    }

    private static EditJournal Of(EditRow edit, IEnumerable<EventRow> events, string job) => new()
    {
        Events = [.. events.Select(e => new EditEvent { Sequence = e.Sequence, Status = e.Status, Stage = e.Stage, At = UtcTime.Of(e.At) })],
        Job = job,
        Status = edit.Status,
        Sequence = edit.Sequence,
        Outputs = edit.OutputsJson is null ? [] : Read<List<EditOutput>>(edit.OutputsJson),
        Error = edit.ErrorJson is null ? null : Read<EditError>(edit.ErrorJson),
        Door = edit.DoorJson is null ? null : Read<EditDoor>(edit.DoorJson),
    };
}
