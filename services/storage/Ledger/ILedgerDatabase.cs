using FlexEdit.Platform.Hosting;

namespace FlexEdit.Storage.Ledger;

/// <summary>What differs between the databases that a ledger may be in.</summary>
internal interface ILedgerDatabase
{
    /// <summary>How many writers of this process may be at work at once. Waiting is free; waiting inside the database is not.</summary>
    int Writers { get; }

    /// <summary>Brings the tables up to date; any number of processes may do so at once.</summary>
    /// <exception cref="StartupException">The ledger cannot be used.</exception>
    Task PrepareAsync(CancellationToken cancellationToken);

    /// <summary>The time by which leases and deadlines are measured, UTC ticks: one clock for all processes on the ledger.</summary>
    Task<long> NowAsync(LedgerContext ledger, CancellationToken cancellationToken);

    /// <summary>An edit inside a transaction, kept from other writers until the transaction ends; null where there is none.</summary>
    Task<EditRow?> LockEditAsync(LedgerContext ledger, string editId);

    /// <summary>
    /// The rows of uploaded objects inside a transaction, those that are there. Until it ends, nobody begins to remove them; with
    /// <paramref name="alone"/> nobody uses them either. Any number of transactions may have them at once otherwise.
    /// </summary>
    Task<List<InputRow>> LockInputsAsync(LedgerContext ledger, IReadOnlyCollection<string> keys, bool alone);

    /// <summary>Waits for nobody: false when another transaction holds the lock of this name. Held until the transaction ends.</summary>
    Task<bool> TryLockAsync(LedgerContext ledger, string name);

    /// <summary>Waits until no other transaction holds the lock of this name. Held until the transaction ends.</summary>
    Task LockAsync(LedgerContext ledger, string name);

    /// <summary>
    /// Takes up to <paramref name="limit"/> messages that are due at <paramref name="now"/> (UTC ticks; null: the ledger's time) for a dispatcher, and none
    /// that another one is taking. One statement.
    /// </summary>
    Task<List<OutboxRow>> TakeDueAsync(LedgerContext ledger, long? now, TimeSpan takenFor, string takenBy, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Takes for a sender, until a time, the first due delivery of each lane but the <paramref name="full"/> ones, at most <paramref name="limit"/>
    /// in all, and none that another one is taking.
    /// </summary>
    Task<List<DeliveryRow>> TakeDeliveriesAsync(
        LedgerContext ledger, long now, long takenUntil, string takenBy, IReadOnlyCollection<string> full, int limit, CancellationToken cancellationToken);

    /// <summary>Another writer was faster: decide again on what is there now.</summary>
    bool IsConflict(Exception error);

    /// <summary>
    /// The connection was lost or refused, a commit's outcome is perhaps unknown: worth another try. Every change is made so that
    /// doing it twice does it once.
    /// </summary>
    bool IsPassing(Exception error);
}
