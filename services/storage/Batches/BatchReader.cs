using FlexEdit.Contracts;
using FlexEdit.Contracts.Batches;
using FlexEdit.Contracts.Edits;
using FlexEdit.Storage.Ledger;
using Microsoft.EntityFrameworkCore;

namespace FlexEdit.Storage.Batches;

/// <summary>Reads batches of one tenant; another tenant's do not exist.</summary>
internal sealed class BatchReader(IDbContextFactory<LedgerContext> ledgers)
{
    /// <summary>A batch; null where the tenant has none of this id.</summary>
    public async Task<BatchView?> FindAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        if (!Ids.IsWellFormed(id, "bat_"))
            return null;
        await using var ledger = await ledgers.CreateDbContextAsync(cancellationToken);
        return await ledger.Batches.AsNoTracking().SingleOrDefaultAsync(b => b.Id == id && b.Tenant == tenant, cancellationToken) is { } row
            ? await ViewAsync(ledger, row, cancellationToken)
            : null;
    }

    /// <summary>Whether any tenant has a batch that has not ended.</summary>
    public async Task<bool> HasOpenAsync(CancellationToken cancellationToken)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(cancellationToken);
        return await ledger.Batches.AnyAsync(b => b.CompletedAt == null, cancellationToken);
    }

    /// <summary>At most <paramref name="limit"/> batches, newest first, older than <paramref name="after"/>; and whether there are more.</summary>
    public async Task<(IReadOnlyList<BatchView> Batches, bool HasMore)> ListAsync(string tenant, string? after, int limit, CancellationToken cancellationToken)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(cancellationToken);
        var batches = ledger.Batches.AsNoTracking().Where(b => b.Tenant == tenant);
        if (after is not null)
            batches = batches.Where(b => b.Id.CompareTo(after) < 0);
        var page = await batches.OrderByDescending(b => b.Id).Take(limit + 1).ToListAsync(cancellationToken);
        var views = new List<BatchView>(limit);
        foreach (var row in page.Take(limit))
            views.Add(await ViewAsync(ledger, row, cancellationToken));
        return (views, page.Count > limit);
    }

    private static async Task<BatchView> ViewAsync(LedgerContext ledger, BatchRow row, CancellationToken cancellationToken) => new()
    {
        Id = row.Id,
        Status = (row.CompletedAt, row.CancelRequestedAt) switch
        {
            (null, null) => "processing",
            (null, _) => "canceling",
            (_, null) => "completed",
            _ => "canceled",
        },
        Lines = row.Lines,
        Counts = await CountsAsync(ledger, row.Id, cancellationToken),
        Results = $"/v1/batches/{row.Id}/results",
        CreatedAt = UtcTime.Of(row.CreatedAt),
        CompletedAt = UtcTime.Of(row.CompletedAt),
        ExpiresAt = UtcTime.Of(row.RemoveAfter),
    };

    private static async Task<BatchCounts> CountsAsync(LedgerContext ledger, string id, CancellationToken cancellationToken)
    {
        var lines = ledger.BatchLines.AsNoTracking().Where(l => l.BatchId == id);
        // Lines without an edit that can be read, then edits.
        var alone = await lines.Where(l => l.EditId == null || l.EndStatus != null).GroupBy(l => l.EndStatus ?? l.State)
            .Select(group => new { Status = group.Key, Count = group.Count() }).ToListAsync(cancellationToken);
        var edits = await lines.Where(l => l.EditId != null && l.EndStatus == null).Join(ledger.Edits, l => l.EditId, e => e.Id, (_, e) => e.Status).GroupBy(status => status)
            .Select(group => new { Status = group.Key, Count = group.Count() }).ToListAsync(cancellationToken);
        int Count(params string[] statuses) => alone.Concat(edits).Where(group => statuses.Contains(group.Status)).Sum(group => group.Count);
        return new BatchCounts
        {
            Queued = Count(LineState.Waiting, EditStatus.Queued),
            Processing = Count(EditStatus.Processing, EditStatus.AwaitingApproval, EditStatus.Canceling),
            Succeeded = Count(EditStatus.Succeeded),
            Failed = Count(LineState.Refused, EditStatus.Failed),
            Canceled = Count(EditStatus.Canceled),
            Expired = Count(EditStatus.Expired),
        };
    }
}
