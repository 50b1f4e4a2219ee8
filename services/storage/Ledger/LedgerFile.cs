using FlexEdit.Platform.Hosting;
using FlexEdit.Storage.Hosting;
using FlexEdit.Storage.Sweeping;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Options;

namespace FlexEdit.Storage.Ledger;

/// <summary>Before anything else of the process starts: opens the ledger, brings its tables up to date, and takes over where there is one owner.</summary>
internal sealed class LedgerFile(IDbContextFactory<LedgerContext> ledgers, SweepLedger sweep, IOptions<StorageOptions> options) : IHostedLifecycleService, IDisposable
{
    private FileStream? _ownership;

    /// <inheritdoc/>
    /// <exception cref="StartupException">The ledger cannot be used.</exception>
    public async Task StartingAsync(CancellationToken cancellationToken)
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
        if (options.Value.SoleOwner)
            await sweep.TakeOverAsync(cancellationToken);
    }

    /// <summary>
    /// Applies the migrations that the ledger lacks, all in one transaction. EF's own <c>Migrate</c> keeps its lock in a table, which a killed
    /// process leaves locked for ever on SQLite; a transaction ends with its process.
    /// </summary>
    /// <exception cref="StartupException">A newer version of the server made the ledger.</exception>
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(cancellationToken);
        await using var transaction = await ledger.Database.BeginTransactionAsync(cancellationToken);
        var applied = (await ledger.Database.GetAppliedMigrationsAsync(cancellationToken)).ToArray();
        var known = ledger.Database.GetMigrations().ToArray();
        if (applied.Except(known).FirstOrDefault() is { } newer)
            throw new StartupException($"The ledger was made by a newer version of the server (it has '{newer}'); run that version.");
        if (applied.Length == known.Length)
            return;
        await using var command = ledger.Database.GetDbConnection().CreateCommand();
        command.Transaction = (SqliteTransaction)Microsoft.EntityFrameworkCore.Storage.DbContextTransactionExtensions.GetDbTransaction(transaction);
        command.CommandText = ledger.GetService<IMigrator>().GenerateScript(applied.LastOrDefault(), null, MigrationsSqlGenerationOptions.NoTransactions);
        await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _ownership?.Dispose();

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
