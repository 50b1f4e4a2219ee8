using FlexEdit.Storage.Ledger;

namespace FlexEdit.Tests.Unit.Storage;

/// <summary>A ledger's database whose clock is the test's.</summary>
internal sealed class TestClock(ILedgerDatabase database, TimeProvider time) : ILedgerDatabase
{
    public int Writers => database.Writers;

    public Task PrepareAsync(CancellationToken cancellationToken) => database.PrepareAsync(cancellationToken);

    public Task<long> NowAsync(LedgerContext ledger, CancellationToken cancellationToken) => Task.FromResult(time.GetUtcNow().UtcTicks);

    public Task<EditRow?> LockEditAsync(LedgerContext ledger, string editId) => database.LockEditAsync(ledger, editId);

    public Task<List<InputRow>> LockInputsAsync(LedgerContext ledger, IReadOnlyCollection<string> keys, bool alone) => database.LockInputsAsync(ledger, keys, alone);

    public Task<bool> TryLockAsync(LedgerContext ledger, string name) => database.TryLockAsync(ledger, name);

    public Task LockAsync(LedgerContext ledger, string name) => database.LockAsync(ledger, name);

    public Task<List<OutboxRow>> TakeDueAsync(LedgerContext ledger, long? now, TimeSpan takenFor, string takenBy, int limit, CancellationToken cancellationToken) =>
        database.TakeDueAsync(ledger, now ?? time.GetUtcNow().UtcTicks, takenFor, takenBy, limit, cancellationToken);

    public Task<List<DeliveryRow>> TakeDeliveriesAsync(
        LedgerContext ledger, long now, long takenUntil, string takenBy, IReadOnlyCollection<string> full, int limit, CancellationToken cancellationToken) =>
        database.TakeDeliveriesAsync(ledger, now, takenUntil, takenBy, full, limit, cancellationToken);

    public bool IsConflict(Exception error) => database.IsConflict(error);

    public bool IsPassing(Exception error) => database.IsPassing(error);
}
