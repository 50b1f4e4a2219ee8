using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Tenants;
using FlexEdit.Platform.Objects;
using FlexEdit.Storage.Edits;
using FlexEdit.Storage.Ledger;
using Microsoft.EntityFrameworkCore;

namespace FlexEdit.Storage.Tenants;

/// <summary>
/// Removes all of a tenant, a part at a time: whoever asks goes on asking until there is nothing left. What was begun stands in the tenant's row,
/// so that an interrupted erasure goes on where it was, in any storage process. Meanwhile nothing new is taken in.
/// </summary>
internal sealed partial class EraseTenant(
    LedgerWriter writer, IDbContextFactory<LedgerContext> ledgers, IObjectStore objects, TenantRegister tenants, RemoveEditHandler remove, ILogger<EraseTenant> log)
{
    /// <summary>How long what was let in before the beginning may still arrive: longer than gateways remember keys and storages limits.</summary>
    public static readonly TimeSpan Settles = TimeSpan.FromSeconds(10);

    private const int Batch = 50;

    /// <summary>One part.</summary>
    public async Task<ErasureProgress> StepAsync(string tenant, CancellationToken cancellationToken)
    {
        var removed = new SortedDictionary<string, long>(StringComparer.Ordinal);
        // (1) Nobody gets in any more, and nobody is told what follows.
        var settled = await BeginAsync(tenant, removed, cancellationToken);
        // (2) What runs is canceled; it ends when its worker has let go.
        await CancelAsync(tenant, cancellationToken);
        // (3) What has ended goes with its pictures.
        var left = await RemoveEditsAsync(tenant, removed, cancellationToken);
        // (4) Then the rest, in the store and in the ledger.
        if (left == 0)
        {
            await remove.FinishAsync(cancellationToken);
            Add(removed, "objects", await objects.DeleteUnderAsync(ObjectKeys.Tenant(tenant), cancellationToken));
            await RemoveRowsAsync(tenant, removed, cancellationToken);
        }
        if (removed.Count > 0)
            LogRemoved(tenant, string.Join(", ", removed.Select(what => $"{what.Value} {what.Key}")));
        // (5) Only when there was nothing left to find.
        var done = settled && left == 0 && removed.Count == 0;
        if (done)
        {
            await writer.WriteAsync(change => change.Ledger.Tenants.Where(t => t.Tenant == tenant).ExecuteDeleteAsync(cancellationToken), cancellationToken);
            tenants.Forget(tenant);
            LogErased(tenant);
        }
        return new ErasureProgress { Done = done, EditsLeft = left, Removed = removed };
    }

    private static void Add(SortedDictionary<string, long> removed, string what, long count)
    {
        if (count > 0)
            removed[what] = removed.GetValueOrDefault(what) + count;
    }

    private async Task<bool> BeginAsync(string tenant, SortedDictionary<string, long> removed, CancellationToken cancellationToken)
    {
        var (begun, settled, keys, webhooks) = await writer.WriteAsync(
            async change =>
            {
                var row = await TenantRegister.FindOrAddAsync(change, tenant, cancellationToken);
                var begins = row.ErasingSince is null;
                row.ErasingSince ??= change.Now;
                row.Version += begins ? 1 : 0;
                return (begins, change.Now - row.ErasingSince >= Settles.Ticks,
                    await change.Ledger.Keys.Where(k => k.Tenant == tenant).ExecuteDeleteAsync(cancellationToken),
                    await change.Ledger.Webhooks.Where(w => w.Tenant == tenant).ExecuteDeleteAsync(cancellationToken));
            },
            cancellationToken);
        tenants.Forget(tenant);
        if (begun)
            LogBegun(tenant);
        Add(removed, "keys", keys);
        Add(removed, "webhooks", webhooks);
        return settled;
    }

    private async Task CancelAsync(string tenant, CancellationToken cancellationToken)
    {
        List<string> running;
        await using (var ledger = await ledgers.CreateDbContextAsync(cancellationToken))
            running = await ledger.Edits.Where(e => e.Tenant == tenant && e.CompletedAt == null && e.Status != EditStatus.Canceling).OrderBy(e => e.Id).Select(e => e.Id).Take(Batch).ToListAsync(cancellationToken);
        foreach (var id in running)
        {
            await writer.WriteAsync(
                async change =>
                {
                    if (await change.FindEditAsync(id) is { HasEnded: false } flow && flow.Edit.Status != EditStatus.Canceling)
                        flow.RequestCancel();
                },
                cancellationToken);
        }
    }

    private async Task<int> RemoveEditsAsync(string tenant, SortedDictionary<string, long> removed, CancellationToken cancellationToken)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(cancellationToken);
        var ended = await ledger.Edits.Where(e => e.Tenant == tenant && e.CompletedAt != null).OrderBy(e => e.Id).Select(e => e.Id).Take(Batch).ToListAsync(cancellationToken);
        foreach (var id in ended)
        {
            if (await remove.HandleAsync(tenant, id, expired: false, cancellationToken) == RemoveEditHandler.Outcome.Removed)
                Add(removed, "edits", 1);
        }
        return await ledger.Edits.CountAsync(e => e.Tenant == tenant, cancellationToken);
    }

    private async Task RemoveRowsAsync(string tenant, SortedDictionary<string, long> removed, CancellationToken cancellationToken)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(cancellationToken);
        // The tenant's own row says that it is being erased, so it goes last.
        foreach (var type in TenantData.TypesOf(ledger).Where(type => type.ClrType != typeof(TenantRow)))
        {
            int count;
            do
            {
                count = await writer.WriteAsync(change => TenantData.DeleteSomeAsync(change.Ledger, type, tenant, cancellationToken), cancellationToken);
                // That an edit was removed is told as the edit.
                if (type.ClrType != typeof(RemovedRow))
                    Add(removed, type.GetTableName()!.Replace('_', ' '), count);
            }
            while (count > 0);
        }
        await writer.WriteAsync(change => TenantData.DeleteInputsAsync(change.Ledger, tenant, cancellationToken), cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The operator has all of tenant {Tenant} erased: its keys are removed, its edits are being canceled.")]
    private partial void LogBegun(string tenant);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Erasing tenant {Tenant}: removed {What}.")]
    private partial void LogRemoved(string tenant, string what);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Tenant {Tenant} is erased; nothing of it is left.")]
    private partial void LogErased(string tenant);
}
