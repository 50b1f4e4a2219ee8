using System.Text.Json;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Errors;
using FlexEdit.Contracts.Ledger;
using FlexEdit.Platform.Problems;
using FlexEdit.Storage.Ledger;
using Microsoft.EntityFrameworkCore;

namespace FlexEdit.Storage.Reads;

/// <summary>Reads edits of one tenant; another tenant's do not exist.</summary>
internal sealed class EditReader(IDbContextFactory<LedgerContext> ledgers, JobViews views, EditBell bell, TimeProvider time)
{
    // Changes by other storage processes ring over the bus, which may lose a message.
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(2);

    /// <summary>The edit with its attempts, as of one moment.</summary>
    /// <exception cref="ProblemException">404: none; 410: its retention has ended.</exception>
    public async Task<EditRow> GetAsync(string tenant, string editId, CancellationToken cancellationToken)
    {
        if (!Ids.IsWellFormed(editId, "edt_"))
            throw NoSuchEdit(editId);
        await using var ledger = await ledgers.CreateDbContextAsync(cancellationToken);
        var edit = await ledger.Edits.AsNoTracking().Include(e => e.Attempts).AsSingleQuery()
            .SingleOrDefaultAsync(e => e.Id == editId && e.Tenant == tenant, cancellationToken);
        if (edit is not null)
            return edit;
        if (await ledger.Removed.AnyAsync(r => r.Id == editId && r.Tenant == tenant && r.Expired, cancellationToken))
            throw new ProblemException(new Problem { Status = 410, Code = ErrorCodes.DataRemoved, Detail = "The edit's retention has ended; its data are removed." });
        throw NoSuchEdit(editId);
    }

    /// <summary>The edit once its sequence is above <paramref name="after"/> (null: above what it is now), it has ended, or the wait is over.</summary>
    public async Task<EditRow> WaitAsync(string tenant, string editId, long? after, TimeSpan wait, CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(wait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        while (true)
        {
            var next = bell.Next(editId);
            var edit = await GetAsync(tenant, editId, cancellationToken);
            after ??= edit.Sequence;
            if (edit.Sequence > after || edit.CompletedAt is not null || over.IsCancellationRequested)
                return edit;
            using var stopLooking = CancellationTokenSource.CreateLinkedTokenSource(either.Token);
            await Task.WhenAny(next, Task.Delay(LookAgainAfter, time, stopLooking.Token));
            await stopLooking.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>The job of an edit as JSON.</summary>
    public async Task<string> JobAsync(EditRow edit, CancellationToken cancellationToken) =>
        JsonSerializer.Serialize(await views.OfAsync(edit, cancellationToken), ContractJson.Options);

    /// <summary>At most <paramref name="limit"/> edits, newest first, older than <paramref name="after"/>; and whether there are more.</summary>
    public async Task<(IReadOnlyList<JobView> Jobs, bool HasMore)> ListAsync(
        string tenant, IReadOnlyCollection<string> statuses, string? after, int limit, CancellationToken cancellationToken)
    {
        var page = await PageAsync(tenant, new EditPageRequest { After = after, Limit = limit }, cancellationToken, statuses);
        var jobs = new List<JobView>(limit);
        foreach (var edit in page.Take(limit))
            jobs.Add(await views.OfAsync(edit, cancellationToken));
        return (jobs, page.Count > limit);
    }

    /// <summary>The edits of a page with their attempts, newest first, and one more where there are more. No statuses: whatever they are.</summary>
    public async Task<List<EditRow>> PageAsync(string tenant, EditPageRequest request, CancellationToken cancellationToken, IReadOnlyCollection<string>? statuses = null)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(cancellationToken);
        var edits = ledger.Edits.AsNoTracking().Where(e => e.Tenant == tenant);
        if (statuses is { Count: > 0 })
            edits = edits.Where(e => statuses.Contains(e.Status));
        if (request.After is { } after)
            edits = edits.Where(e => e.Id.CompareTo(after) < 0);
        if (request.CreatedAfter is { } from)
            edits = edits.Where(e => e.CreatedAt >= from.Ticks);
        if (request.CreatedBefore is { } until)
            edits = edits.Where(e => e.CreatedAt < until.Ticks);
        return await edits.OrderByDescending(e => e.Id).Take(request.Limit + 1).Include(e => e.Attempts).AsSingleQuery().ToListAsync(cancellationToken);
    }

    private static ProblemException NoSuchEdit(string editId) => NoSuch.Named("edit", editId);
}
