using System.Collections.Concurrent;
using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Errors;
using FlexEdit.Contracts.Messages;
using FlexEdit.Storage.Ledger;
using Microsoft.EntityFrameworkCore;

namespace FlexEdit.Storage.Tenants;

/// <summary>
/// The bound on a tenant's edits that have not ended, looked at in the transaction of the submission. Where it is near, the tenant's
/// submissions go one after the other, so that it holds whatever comes at once; where it is far, most of them do not even count.
/// </summary>
internal sealed class EditsInFlight(TenantRegister tenants, TimeProvider time)
{
    // More than the submissions that all storage processes have under way at once: what is counted before the lock cannot leap over the bound.
    private const int Near = 256;
    // Of a bound that is less than half used, a process may use a sixteenth within a second without counting.
    private const int Uncounted = 16;
    private static readonly TimeSpan CountsFor = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ComeBack = TimeSpan.FromSeconds(5);
    private static readonly string[] UnderWay = [EditStatus.Queued, EditStatus.Processing, EditStatus.AwaitingApproval, EditStatus.Canceling];
    private readonly ConcurrentDictionary<string, Room> _rooms = new();

    /// <summary>Null where one more may come; else why not: the transaction is then to be abandoned.</summary>
    public async Task<EditRefused?> WhyRefusedAsync(LedgerChange change, string tenant, CancellationToken cancellationToken)
    {
        var state = await tenants.StateAsync(tenant, cancellationToken);
        if (state.IsErasing)
            return new EditRefused { Status = 409, Code = ErrorCodes.Conflict, Detail = "The tenant is being erased; nothing new is taken in." };
        var most = state.Limits.EditsInFlight;
        if (most == 0 || (_rooms.TryGetValue(tenant, out var room) && room.TryTake(time)))
            return null;
        var count = await CountAsync(change, tenant, cancellationToken);
        if (count + Near > most)
        {
            _rooms.TryRemove(tenant, out _);
            await change.LockAsync($"flexedit.tenant {tenant}");
            count = await CountAsync(change, tenant, cancellationToken);
        }
        else if (count < most / 2)
        {
            _rooms[tenant] = new Room(most / Uncounted, time.GetTimestamp());
        }
        return count < most ? null : new EditRefused
        {
            Status = 429,
            Code = ErrorCodes.TooManyEdits,
            Detail = $"{most} edits have not ended, as many as may be under way at once; wait until one has, or cancel one.",
            RetryAfter = ComeBack,
        };
    }

    // By the index of lists by status.
    private static Task<int> CountAsync(LedgerChange change, string tenant, CancellationToken cancellationToken) =>
        change.Ledger.Edits.CountAsync(e => e.Tenant == tenant && UnderWay.Contains(e.Status), cancellationToken);

    private sealed class Room(int left, long since)
    {
        private int _left = left;

        public bool TryTake(TimeProvider time) => time.GetElapsedTime(since) < CountsFor && Interlocked.Decrement(ref _left) >= 0;
    }
}
