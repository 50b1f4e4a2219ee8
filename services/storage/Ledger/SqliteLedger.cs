using FlexEdit.Platform.Hosting;
using FlexEdit.Storage.Hosting;
using FlexEdit.Storage.Webhooks.Delivering;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Options;

namespace FlexEdit.Storage.Ledger;

/// <summary>A ledger in one file. Its processes are on one machine and share its clock.</summary>
internal sealed class SqliteLedger(IDbContextFactory<LedgerContext> ledgers, IOptions<StorageOptions> options, TimeProvider time) : ILedgerDatabase, IDisposable
{
    private const int ConstraintViolated = 19; // SQLITE_CONSTRAINT: another writer inserted the same key.
    private FileStream? _ownership;

    /// <inheritdoc/>
    public int Writers => 1;

    /// <inheritdoc/>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        var path = Path.GetFullPath(options.Value.Ledger!);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (options.Value.SoleOwner)
                _ownership = Own(path);
            await MigrateAsync(cancellationToken);
        }
        catch (Exception error) when (error is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The ledger '{path}' cannot be used ({error.Message.TrimEnd('.')}); give this user write permission or set FLEXEDIT__Storage__Ledger to another file.", error);
        }
    }

    /// <inheritdoc/>
    public Task<long> NowAsync(LedgerContext ledger, CancellationToken cancellationToken) => Task.FromResult(time.GetUtcNow().UtcTicks);

    /// <inheritdoc/>
    public async Task<EditRow?> LockEditAsync(LedgerContext ledger, string editId) => await ledger.Edits.FindAsync(editId);

    /// <inheritdoc/>
    public Task<List<InputRow>> LockInputsAsync(LedgerContext ledger, IReadOnlyCollection<string> keys, bool alone) =>
        ledger.Inputs.Where(input => keys.Contains(input.Key)).ToListAsync();

    /// <inheritdoc/>
    /// <remarks>A transaction has the whole file.</remarks>
    public Task<bool> TryLockAsync(LedgerContext ledger, string name) => Task.FromResult(true);

    /// <inheritdoc/>
    /// <remarks>A transaction has the whole file.</remarks>
    public Task LockAsync(LedgerContext ledger, string name) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<List<OutboxRow>> TakeDueAsync(LedgerContext ledger, long? now, TimeSpan takenFor, string takenBy, int limit, CancellationToken cancellationToken)
    {
        var at = now ?? time.GetUtcNow().UtcTicks;
        return ledger.Outbox.FromSql(
            $"""
            UPDATE outbox SET "TakenBy" = {takenBy}, "SendAfter" = {at + takenFor.Ticks}, "Takes" = "Takes" + 1
            WHERE "Id" IN (SELECT "Id" FROM outbox WHERE "SendAfter" <= {at} ORDER BY "SendAfter", "Id" LIMIT {limit})
            RETURNING *
            """).AsNoTracking().ToListAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task<List<DeliveryRow>> TakeDeliveriesAsync(
        LedgerContext ledger, long now, long takenUntil, string takenBy, IReadOnlyCollection<string> full, int limit, CancellationToken cancellationToken) =>
        SqliteDeliveries.TakeAsync(ledger, now, takenUntil, takenBy, full, limit, cancellationToken);

    /// <inheritdoc/>
    public bool IsConflict(Exception error) =>
        error is DbUpdateConcurrencyException || error is DbUpdateException { InnerException: SqliteException { SqliteErrorCode: ConstraintViolated } };

    /// <inheritdoc/>
    public bool IsPassing(Exception error) => false;

    /// <inheritdoc/>
    public void Dispose() => _ownership?.Dispose();

    // EF's own Migrate keeps its lock in a table, which a killed process leaves locked for ever on SQLite; a transaction ends with its process.
    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(cancellationToken);
        await using var transaction = await ledger.Database.BeginTransactionAsync(cancellationToken);
        if (await LedgerMigrations.MissingAsync(ledger, cancellationToken) is not { } script)
            return;
        await using var command = ledger.Database.GetDbConnection().CreateCommand();
        command.Transaction = (SqliteTransaction)transaction.GetDbTransaction();
        command.CommandText = script;
        await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
    }

    // The system releases the lock with the process, however it ends.
    private static FileStream Own(string path)
    {
        try
        {
            return new FileStream(path + ".owner", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when (error is not (DirectoryNotFoundException or FileNotFoundException) && File.Exists(path + ".owner"))
        {
            throw new StartupException($"Another server uses the ledger '{path}'; stop it or choose another data folder.", error);
        }
    }
}
