using System.Text.Json;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Edits;
using FlexEdit.Platform.Objects;
using FlexEdit.Storage.Ledger;
using Microsoft.EntityFrameworkCore;

namespace FlexEdit.Storage.Edits;

/// <summary>
/// Removes a finished edit with its results, and its inputs where no other edit uses them: first from the ledger, which remembers what is left
/// to do, then from the object store. The sweeper finishes what a crash interrupts.
/// </summary>
internal sealed class RemoveEditHandler(LedgerWriter writer, IDbContextFactory<LedgerContext> ledgers, IObjectStore objects)
{
    /// <summary>What became of the wish.</summary>
    public enum Outcome
    {
        /// <summary>Gone.</summary>
        Removed,
        /// <summary>The tenant has no such edit.</summary>
        Unknown,
        /// <summary>It has not ended.</summary>
        StillRunning,
    }

    /// <summary>Removes an edit; <paramref name="expired"/> says whether because its retention ended. <paramref name="tenant"/> null: whosever it is.</summary>
    public async Task<Outcome> HandleAsync(string? tenant, string editId, bool expired, CancellationToken cancellationToken)
    {
        var outcome = await writer.WriteAsync(
            async change =>
            {
                if (await change.FindEditAsync(editId) is not { } flow || (tenant ?? flow.Edit.Tenant) != flow.Edit.Tenant)
                    return Outcome.Unknown;
                if (!flow.HasEnded)
                    return Outcome.StillRunning;
                await ForgetAsync(change, flow.Edit, expired, cancellationToken);
                return Outcome.Removed;
            },
            cancellationToken);
        if (outcome == Outcome.Removed)
            await FinishAsync(cancellationToken);
        return outcome;
    }

    /// <summary>Removes the objects of all edits and inputs that the ledger has given up.</summary>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(cancellationToken);
        foreach (var removed in await ledger.Removed.Where(r => !r.ObjectsRemoved).OrderBy(r => r.Id).Take(100).ToListAsync(cancellationToken))
        {
            await objects.DeleteUnderAsync(ObjectKeys.Edit(removed.Tenant, removed.Id), cancellationToken);
            await writer.WriteAsync(
                change => change.Ledger.Removed.Where(r => r.Id == removed.Id).ExecuteUpdateAsync(r => r.SetProperty(x => x.ObjectsRemoved, true), cancellationToken),
                cancellationToken);
        }
        foreach (var key in await ledger.Inputs.Where(i => i.Removing).Select(i => i.Key).Order().Take(100).ToListAsync(cancellationToken))
        {
            // The row keeps new edits away until the object is gone.
            await objects.DeleteAsync(key, cancellationToken);
            await writer.WriteAsync(
                change => change.Ledger.Inputs.Where(i => i.Key == key && i.Removing).ExecuteDeleteAsync(cancellationToken),
                cancellationToken);
        }
    }

    private static async Task ForgetAsync(LedgerChange change, EditRow edit, bool expired, CancellationToken cancellationToken)
    {
        var inputs = JsonSerializer.Deserialize<EditInputs>(edit.InputsJson, ContractJson.Options)!;
        await HeldInputs.LetGoAsync(change, [.. inputs.Keys()], edit.Id, cancellationToken);
        change.Ledger.Removed.Add(new RemovedRow { Id = edit.Id, Tenant = edit.Tenant, Expired = expired, RemovedAt = change.Now });
        // Messages hold the job. At the end of the retention they stay for the log, which ends by itself.
        if (!expired)
            await change.Ledger.WebhookMessages.Where(m => m.Subject == edit.Id).ExecuteDeleteAsync(cancellationToken);
        if (edit.BatchId is not null)
        {
            await change.Ledger.BatchLines.Where(l => l.EditId == edit.Id)
                .ExecuteUpdateAsync(row => row.SetProperty(l => l.EndStatus, edit.Status), cancellationToken);
        }
        edit.Version++;
        change.Ledger.Edits.Remove(edit);
        change.NoteChanged(edit);
    }
}
