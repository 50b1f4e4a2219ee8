using System.Collections.Concurrent;
using FlexEdit.Contracts.Tenants;
using FlexEdit.Storage.Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FlexEdit.Storage.Tenants;

/// <summary>
/// The limits of tenants: the installation's, or what the operator has set for one. They are remembered for <see cref="Remembered"/>, so that
/// a submission does not ask for them; a change counts everywhere after that.
/// </summary>
internal sealed class TenantRegister(
    LedgerWriter writer, IDbContextFactory<LedgerContext> ledgers, IOptions<TenantLimitOptions> options, TimeProvider time)
{
    /// <summary>How long another storage process may go by what was.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromSeconds(2);

    private const int MostRemembered = 10_000;
    private readonly ConcurrentDictionary<string, (TenantState State, long At)> _known = new();

    /// <summary>Limits of a tenant, and whether it is being erased.</summary>
    public async ValueTask<TenantState> StateAsync(string tenant, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(tenant, out var known) && time.GetElapsedTime(known.At) < Remembered)
            return known.State;
        var asked = time.GetTimestamp();
        await using var ledger = await ledgers.CreateDbContextAsync(cancellationToken);
        var state = StateOf(await ledger.Tenants.AsNoTracking().SingleOrDefaultAsync(t => t.Tenant == tenant, cancellationToken));
        if (_known.Count >= MostRemembered)
            _known.Clear();
        _known[tenant] = (state, asked);
        return state;
    }

    /// <summary>The tenants of which something is kept beside their edits, or one.</summary>
    public async Task<IReadOnlyList<TenantView>> ListAsync(string? tenant, CancellationToken cancellationToken)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(cancellationToken);
        var rows = await ledger.Tenants.AsNoTracking().Where(t => tenant == null || t.Tenant == tenant).OrderBy(t => t.Tenant).ToListAsync(cancellationToken);
        return [.. rows.Select(View)];
    }

    /// <summary>Sets what bounds a tenant. Null: the installation's limit.</summary>
    public async Task<TenantView> SetLimitsAsync(string tenant, SetTenantLimits wish, CancellationToken cancellationToken)
    {
        var view = await writer.WriteAsync(
            async change =>
            {
                var row = await FindOrAddAsync(change, tenant, cancellationToken);
                (row.RequestsPerMinute, row.EditsInFlight) = (wish.RequestsPerMinute, wish.EditsInFlight);
                row.Version++;
                return View(row);
            },
            cancellationToken);
        Forget(tenant);
        return view;
    }

    /// <summary>The row of a tenant in a transaction; made where there is none.</summary>
    public static async Task<TenantRow> FindOrAddAsync(LedgerChange change, string tenant, CancellationToken cancellationToken)
    {
        if (await change.Ledger.Tenants.FindAsync([tenant], cancellationToken) is { } row)
            return row;
        var added = new TenantRow { Tenant = tenant };
        change.Ledger.Tenants.Add(added);
        return added;
    }

    /// <summary>Makes this process look again.</summary>
    public void Forget(string tenant) => _known.TryRemove(tenant, out _);

    private TenantView View(TenantRow row) => new()
    {
        Tenant = row.Tenant,
        RequestsPerMinute = row.RequestsPerMinute,
        EditsInFlight = row.EditsInFlight,
        Limits = StateOf(row).Limits,
        ErasingSince = UtcTime.Of(row.ErasingSince),
    };

    private TenantState StateOf(TenantRow? row) => new(
        new TenantLimits
        {
            RequestsPerMinute = row?.RequestsPerMinute ?? options.Value.RequestsPerMinute,
            EditsInFlight = row?.EditsInFlight ?? options.Value.EditsInFlight,
        },
        row?.ErasingSince is not null);
}

/// <summary>What storage knows of a tenant.</summary>
/// <param name="Limits">What bounds it.</param>
/// <param name="IsErasing">Whether it is being erased: nothing new is taken in.</param>
internal sealed record TenantState(TenantLimits Limits, bool IsErasing);
