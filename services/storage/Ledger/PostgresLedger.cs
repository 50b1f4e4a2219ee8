using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using FlexEdit.Platform.Hosting;
using FlexEdit.Storage.Webhooks.Delivering;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace FlexEdit.Storage.Ledger;

/// <summary>A ledger in PostgreSQL, shared by any number of storage processes. All times are the database's.</summary>
internal sealed partial class PostgresLedger(IDbContextFactory<LedgerContext> ledgers, ILogger<PostgresLedger> log) : ILedgerDatabase
{
    private const string MigrationLock = "flexedit.migrations";
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StartGap = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public int Writers => 16;

    /// <inheritdoc/>
    /// <remarks>A database that is just starting is waited for.</remarks>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await MigrateAsync(cancellationToken);
                return;
            }
            catch (Exception error) when (error is NpgsqlException { IsTransient: true } && Stopwatch.GetElapsedTime(began) < StartPatience)
            {
                LogWaiting(error.Message);
            }
            catch (NpgsqlException error)
            {
                throw new StartupException($"The ledger in PostgreSQL cannot be used ({error.Message.TrimEnd('.')}); check FLEXEDIT__Storage__Postgres.", error);
            }
            await Task.Delay(StartGap, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async Task<long> NowAsync(LedgerContext ledger, CancellationToken cancellationToken)
    {
        // Ticks from the year 1, of which 621,355,968,000,000,000 lie before 1970. Without EF's query, for every change begins with it.
        await ledger.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var command = ledger.Database.GetDbConnection().CreateCommand();
            command.CommandText = "SELECT (extract(epoch FROM clock_timestamp()) * 10000000)::bigint + 621355968000000000";
            return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
        }
        finally
        {
            await ledger.Database.CloseConnectionAsync();
        }
    }

    /// <inheritdoc/>
    public async Task<EditRow?> LockEditAsync(LedgerContext ledger, string editId)
    {
        if (ledger.Edits.Local.FindEntry(editId) is { } known)
            return known.Entity;
        return (await ledger.Edits.FromSql($"SELECT * FROM edits WHERE \"Id\" = {editId} FOR UPDATE").ToListAsync()).SingleOrDefault();
    }

    /// <inheritdoc/>
    public Task<List<InputRow>> LockInputsAsync(LedgerContext ledger, IReadOnlyCollection<string> keys, bool alone)
    {
        // In one order for all, or two transactions could wait for each other.
        var wanted = keys.ToArray();
        return (alone
            ? ledger.Inputs.FromSql($"SELECT * FROM inputs WHERE \"Key\" = ANY ({wanted}) ORDER BY \"Key\" COLLATE \"C\" FOR UPDATE")
            : ledger.Inputs.FromSql($"SELECT * FROM inputs WHERE \"Key\" = ANY ({wanted}) ORDER BY \"Key\" COLLATE \"C\" FOR SHARE")).ToListAsync();
    }

    /// <inheritdoc/>
    public async Task<bool> TryLockAsync(LedgerContext ledger, string name) =>
        (await ledger.Database.SqlQuery<bool>($"SELECT pg_try_advisory_xact_lock({KeyOf(name)}) AS \"Value\"").ToListAsync())[0];

    /// <inheritdoc/>
    public Task LockAsync(LedgerContext ledger, string name) => ledger.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({KeyOf(name)})");

    /// <inheritdoc/>
    public Task<List<OutboxRow>> TakeDueAsync(LedgerContext ledger, long? now, TimeSpan takenFor, string takenBy, int limit, CancellationToken cancellationToken) =>
        // One moment for the whole statement, so that an index can be searched with it.
        ledger.Outbox.FromSql(
            $"""
            WITH clock AS (SELECT coalesce({now}, (extract(epoch FROM statement_timestamp()) * 10000000)::bigint + 621355968000000000) AS at)
            UPDATE outbox SET "TakenBy" = {takenBy}, "SendAfter" = (SELECT at FROM clock) + {takenFor.Ticks}, "Takes" = "Takes" + 1
            WHERE "Id" IN (SELECT "Id" FROM outbox WHERE "SendAfter" <= (SELECT at FROM clock) ORDER BY "SendAfter", "Id" LIMIT {limit} FOR UPDATE SKIP LOCKED)
            RETURNING *
            """).AsNoTracking().ToListAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<List<DeliveryRow>> TakeDeliveriesAsync(
        LedgerContext ledger, long now, long takenUntil, string takenBy, IReadOnlyCollection<string> full, int limit, CancellationToken cancellationToken) =>
        PostgresDeliveries.TakeAsync(ledger, now, takenUntil, takenBy, full, limit, cancellationToken);

    /// <inheritdoc/>
    public bool IsConflict(Exception error) => error is DbUpdateConcurrencyException || Find(error)?.SqlState
        is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected || IsOutdated(error);

    /// <inheritdoc/>
    public bool IsPassing(Exception error)
    {
        for (var inner = error; inner is not null; inner = inner.InnerException)
        {
            if (inner is NpgsqlException { IsTransient: true })
                return true;
        }
        return false;
    }

    // A migration changed a table under a prepared statement. Npgsql forgets the statement, so it works the next time.
    private static bool IsOutdated(Exception error) => Find(error) is { SqlState: PostgresErrorCodes.FeatureNotSupported, Routine: "RevalidateCachedQuery" };

    private static PostgresException? Find(Exception error)
    {
        for (var inner = error; inner is not null; inner = inner.InnerException!)
        {
            if (inner is PostgresException said)
                return said;
        }
        return null;
    }

    private static long KeyOf(string name) => BitConverter.ToInt64(SHA256.HashData(Encoding.UTF8.GetBytes(name)));

    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(cancellationToken);
        await using var transaction = await ledger.Database.BeginTransactionAsync(cancellationToken);
        // One process at a time; the lock goes with the transaction, and that with the connection.
        await ledger.Database.ExecuteSqlAsync($"SELECT set_config('lock_timeout', '0', true), pg_advisory_xact_lock({KeyOf(MigrationLock)})", cancellationToken);
        // Asking a table that is not there would end the transaction.
        await ledger.Database.ExecuteSqlRawAsync(ledger.GetService<IHistoryRepository>().GetCreateIfNotExistsScript(), cancellationToken);
        if (await LedgerMigrations.MissingAsync(ledger, cancellationToken) is { } script)
            await ledger.Database.ExecuteSqlRawAsync(script.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal), cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "PostgreSQL does not answer yet ({Why}); trying again.")]
    private partial void LogWaiting(string why);
}
