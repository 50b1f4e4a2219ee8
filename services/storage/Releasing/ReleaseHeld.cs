using FlexEdit.Storage.Hosting;
using FlexEdit.Storage.Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FlexEdit.Storage.Releasing;

/// <summary>
/// Decides whose turn it is: of the tenants with held edits in a lane, the one that has the least at the broker and at work for its weight;
/// and of its edits the oldest. So a tenant's thousandth edit waits for its own thousand, and nobody else's first one does.
/// </summary>
internal sealed class ReleaseHeld(LedgerWriter writer, IDbContextFactory<LedgerContext> ledgers, ILedgerDatabase database, IOptions<StorageOptions> rules)
{
    private const int MostTenants = 100;
    private const int MostAtOnce = 50;
    private string _firstTenant = "";

    /// <summary>Fills every lane. Returns how many edits were let go.</summary>
    public async Task<int> ReleaseAsync(CancellationToken cancellationToken)
    {
        var all = 0;
        foreach (var (stage, model) in await LanesAsync(cancellationToken))
        {
            while (await IsWorthFillingAsync(stage, model, cancellationToken)
                && await writer.WriteAsync(change => FillAsync(change, stage, model), cancellationToken) is > 0 and var released)
            {
                all += released;
            }
        }
        return all;
    }

    // A lane is filled when a quarter of it is free: once for several claims, and long before it is empty.
    private async Task<bool> IsWorthFillingAsync(string stage, string model, CancellationToken cancellationToken)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(cancellationToken);
        var released = await Lanes.ReleasedAsync(ledger, stage, model, await database.NowAsync(ledger, cancellationToken), cancellationToken);
        return rules.Value.ReleaseAhead - released >= Math.Max(1, rules.Value.ReleaseAhead / 4);
    }

    private async Task<List<(string Stage, string Model)>> LanesAsync(CancellationToken cancellationToken)
    {
        // From one lane to the next by the index, however many edits are held in each.
        await using var ledger = await ledgers.CreateDbContextAsync(cancellationToken);
        var held = ledger.Edits.AsNoTracking().Where(e => e.Held && e.WaitingFor != null);
        var (lanes, stage, model) = (new List<(string, string)>(), "", "");
        while (true)
        {
            var next = await held
                .Where(e => e.WaitingFor!.CompareTo(stage) > 0 || (e.WaitingFor == stage && e.Model.CompareTo(model) > 0))
                .OrderBy(e => e.WaitingFor).ThenBy(e => e.Model).Select(e => new { e.WaitingFor, e.Model }).FirstOrDefaultAsync(cancellationToken);
            if (next is null)
                return lanes;
            (stage, model) = (next.WaitingFor!, next.Model);
            lanes.Add((stage, model));
        }
    }

    private async Task<int> FillAsync(LedgerChange change, string stage, string model)
    {
        if (!await change.TryLockAsync($"flexedit.release {stage} {model}"))
            return 0;
        var room = Math.Min(MostAtOnce, change.Rules.ReleaseAhead - await Lanes.ReleasedAsync(change.Ledger, stage, model, change.Now, CancellationToken.None));
        if (room <= 0)
            return 0;
        var released = 0;
        var queues = await QueuesAsync(change, stage, model, room);
        while (released < room && queues.MinBy(queue => queue.Share) is { } next)
        {
            if (next.IsAtMost || !next.Held.TryDequeue(out var id))
            {
                queues.Remove(next);
                continue;
            }
            next.InFlight++;
            if (await change.FindEditAsync(id) is { Edit.Held: true } flow && flow.Edit.WaitingFor == stage)
            {
                flow.Release();
                released++;
            }
        }
        return released;
    }

    private async Task<List<TenantQueue>> QueuesAsync(LedgerChange change, string stage, string model, int room)
    {
        var held = change.Ledger.Edits.AsNoTracking().Where(e => e.Held && e.WaitingFor == stage && e.Model == model);
        var queues = new List<TenantQueue>();
        var tenant = _firstTenant;
        while (queues.Count < MostTenants)
        {
            tenant = await held.Where(e => e.Tenant.CompareTo(tenant) > 0).OrderBy(e => e.Tenant).Select(e => e.Tenant).FirstOrDefaultAsync();
            if (tenant is null)
                break;
            var oldest = await held.Where(e => e.Tenant == tenant).OrderBy(e => e.CreatedAt).Select(e => e.Id).Take(room).ToListAsync();
            queues.Add(new TenantQueue(
                new Queue<string>(oldest), change.Rules.WeightOf(tenant), change.Rules.MostOf(tenant),
                await Lanes.OfTenantAsync(change, stage, model, tenant)));
        }
        // Where there are more tenants than one look takes in, the next look begins where this one ended.
        _firstTenant = queues.Count == MostTenants ? tenant! : "";
        return queues;
    }

    private sealed class TenantQueue(Queue<string> held, int weight, int most, int inFlight)
    {
        public Queue<string> Held { get; } = held;

        public int InFlight { get; set; } = inFlight;

        public bool IsAtMost => InFlight >= most;

        public double Share => (InFlight + 1) / (double)weight;
    }
}
