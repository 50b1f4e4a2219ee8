using System.Text.Json;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Batches;
using FlexEdit.Contracts.Errors;
using FlexEdit.Contracts.Messages;
using FlexEdit.Storage.Edits;
using FlexEdit.Storage.Ledger;
using Microsoft.EntityFrameworkCore;

namespace FlexEdit.Storage.Batches;

/// <summary>Keeps batches and hands their lines out, a few at a time, so that a batch neither holds up its tenant's single edits nor anybody else.</summary>
internal sealed class BatchLedger(LedgerWriter writer, BatchReader reader, BatchUpkeep upkeep) : IBatchLedger
{
    private const int MostBatches = 200;
    private static readonly TimeSpan s_taken = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_later = TimeSpan.FromSeconds(5);
    private string _lastTenant = "";

    /// <inheritdoc/>
    public async Task<BatchAnswer> CreateAsync(CreateBatch create, CancellationToken cancellationToken)
    {
        try
        {
            var (id, replayed, refused) = await writer.WriteAsync(change => CreateAsync(change, create, cancellationToken), cancellationToken);
            if (refused is not null)
                return new BatchAnswer { Refused = refused };
            return await reader.FindAsync(create.Tenant, id, cancellationToken) is { } batch
                ? new BatchAnswer { Batch = batch, Replayed = replayed }
                : new BatchAnswer { Refused = IdempotencyKeys.Removed("batch") };
        }
        catch (Exception error) when (LedgerFailure.Is(error))
        {
            return new BatchAnswer { Refused = new EditRefused { Status = 503, Code = ErrorCodes.Unavailable, Detail = "The batch cannot be stored at the moment; send it again later." } };
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<TakenLine>> TakeAsync(int most, CancellationToken cancellationToken)
    {
        if (!await reader.HasOpenAsync(cancellationToken))
            return [];
        var taken = await writer.WriteAsync(change => TakeAsync(change, most, cancellationToken), cancellationToken);
        await upkeep.TendAsync(cancellationToken);
        return taken;
    }

    /// <inheritdoc/>
    public Task GiveBackAsync(string batchId, int line, CancellationToken cancellationToken) => writer.WriteAsync(
        change => change.Ledger.BatchLines.Where(l => l.BatchId == batchId && l.Line == line && l.State == LineState.Waiting && l.Takes > 0).ExecuteUpdateAsync(
            row => row.SetProperty(l => l.TakenUntil, change.Now + s_later.Ticks).SetProperty(l => l.Takes, l => l.Takes - 1), cancellationToken),
        cancellationToken);

    /// <inheritdoc/>
    public Task RefuseAsync(LineRefused refused, CancellationToken cancellationToken) => writer.WriteAsync(
        change => change.Ledger.BatchLines.Where(l => l.BatchId == refused.BatchId && l.Line == refused.Line && l.State == LineState.Waiting).ExecuteUpdateAsync(
            row => row.SetProperty(l => l.State, LineState.Refused).SetProperty(l => l.ProblemJson, JsonSerializer.Serialize(refused.Problem, ContractJson.Options)), cancellationToken),
        cancellationToken);

    private static async Task<(string Id, bool Replayed, EditRefused? Refused)> CreateAsync(LedgerChange change, CreateBatch create, CancellationToken cancellationToken)
    {
        if (await change.Ledger.Batches.AnyAsync(b => b.Id == create.Id, cancellationToken))
            return (create.Id, false, null);
        if (create.IdempotencyKey is { } key)
        {
            var (made, refused) = await IdempotencyKeys.UseAsync(change, create.Tenant, key, create.RequestDigest, create.Id, cancellationToken);
            if (refused is not null || made is not null)
                return (made ?? "", true, refused);
        }
        change.Ledger.Batches.Add(new BatchRow { Id = create.Id, Tenant = create.Tenant, Lines = create.Lines.Count, CreatedAt = change.Now });
        change.Ledger.BatchLines.AddRange(create.Lines.Select((part, index) => new BatchLineRow
        {
            BatchId = create.Id,
            Line = index + 1,
            CustomId = part.CustomId,
            Offset = part.Offset,
            Length = part.Length,
            State = LineState.Waiting,
        }));
        return (create.Id, false, null);
    }

    private async Task<List<TakenLine>> TakeAsync(LedgerChange change, int most, CancellationToken cancellationToken)
    {
        var taken = new List<TakenLine>();
        var open = await change.Ledger.Batches.AsNoTracking().Where(b => b.CompletedAt == null && b.CancelRequestedAt == null)
            .OrderBy(b => b.Id).Take(MostBatches).ToListAsync(cancellationToken);
        // One at a time: what is counted here must still be so at the commit.
        if (open.Count == 0 || !await change.TryLockAsync("flexedit.batches"))
            return taken;
        // Whose turn was last comes last.
        var tenants = open.GroupBy(b => b.Tenant).OrderBy(g => string.CompareOrdinal(g.Key, _lastTenant) <= 0).ThenBy(g => g.Key, StringComparer.Ordinal);
        foreach (var batches in tenants)
        {
            var ids = batches.Select(b => b.Id).ToArray();
            var under = await change.Ledger.Edits.CountAsync(e => e.BatchId != null && ids.Contains(e.BatchId) && e.CompletedAt == null, cancellationToken)
                + await change.Ledger.BatchLines.CountAsync(l => ids.Contains(l.BatchId) && l.State == LineState.Waiting && l.TakenUntil > change.Now, cancellationToken);
            var room = Math.Min(most - taken.Count, change.Rules.BatchInFlight - under);
            if (room <= 0)
                continue;
            var lines = await change.Ledger.BatchLines.Where(l => ids.Contains(l.BatchId) && l.State == LineState.Waiting && l.TakenUntil <= change.Now)
                .OrderBy(l => l.BatchId).ThenBy(l => l.Line).Take(room).ToListAsync(cancellationToken);
            foreach (var line in lines)
            {
                (line.TakenUntil, line.Takes) = (change.Now + s_taken.Ticks, line.Takes + 1);
                taken.Add(new TakenLine { BatchId = line.BatchId, Tenant = batches.Key, Line = line.Line, Part = new BatchPart(line.Offset, line.Length, line.CustomId), Takes = line.Takes });
                _lastTenant = batches.Key;
            }
        }
        return taken;
    }
}
