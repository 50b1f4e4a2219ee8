using System.Text.Json;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Ledger;
using FlexEdit.Storage.Ledger;
using Microsoft.EntityFrameworkCore;

namespace FlexEdit.Storage.Reads;

/// <summary>The event log of an edit, as gateways read it.</summary>
internal sealed class EditJournalReader(IDbContextFactory<LedgerContext> ledgers, EditReader reader) : IEditJournal
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
        return new EditJournal
        {
            Events = [.. events.Select(e => new EditEvent { Sequence = e.Sequence, Status = e.Status, Stage = e.Stage, At = UtcTime.Of(e.At) })],
            Job = await reader.JobAsync(edit, cancellationToken),
            Status = edit.Status,
            Sequence = edit.Sequence,
            Outputs = edit.OutputsJson is null ? [] : JsonSerializer.Deserialize<List<EditOutput>>(edit.OutputsJson, ContractJson.Options)!,
            Error = edit.ErrorJson is null ? null : JsonSerializer.Deserialize<EditError>(edit.ErrorJson, ContractJson.Options),
        };
    }
}
