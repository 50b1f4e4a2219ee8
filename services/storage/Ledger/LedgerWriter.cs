using FlexEdit.Storage.Hosting;
using FlexEdit.Storage.Outbox;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FlexEdit.Storage.Ledger;

/// <summary>
/// The one way to change the ledger: a transaction that reads, decides and writes, and starts over when another writer was faster.
/// Every row that is decided upon has a version in the condition of its update, so that this holds with several storage processes and on
/// databases that let writers overlap; SQLite's write lock (<c>BEGIN IMMEDIATE</c>) only makes it cheap.
/// </summary>
internal sealed class LedgerWriter(
    IDbContextFactory<LedgerContext> ledgers, IOptions<StorageOptions> rules, TimeProvider time, OutboxSignal outbox, EditBell bell) : IDisposable
{
    private const int MostTries = 50;
    private const int ConstraintViolated = 19; // SQLITE_CONSTRAINT: another writer inserted the same key.
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);

    /// <summary>Runs <paramref name="work"/> in a transaction and commits it. After the commit the outbox and the edits' bells are rung.</summary>
    public async Task<T> WriteAsync<T>(Func<LedgerChange, Task<T>> work, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            // Waiting here is free; waiting at SQLite's lock would hold a thread.
            await _oneAtATime.WaitAsync(cancellationToken);
            try
            {
                return await TryAsync(work, cancellationToken);
            }
            catch (DbUpdateException error) when (tries < MostTries && IsConflict(error))
            {
                // Another writer was faster: decide again on what is there now.
            }
            finally
            {
                _oneAtATime.Release();
            }
        }
    }

    /// <summary>As <see cref="WriteAsync{T}"/>, without a result.</summary>
    public Task WriteAsync(Func<LedgerChange, Task> work, CancellationToken cancellationToken) => WriteAsync(
        async change =>
        {
            await work(change);
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _oneAtATime.Dispose();

    private async Task<T> TryAsync<T>(Func<LedgerChange, Task<T>> work, CancellationToken cancellationToken)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(cancellationToken);
        await using var transaction = await ledger.Database.BeginTransactionAsync(cancellationToken);
        var change = new LedgerChange(ledger, time.GetUtcNow(), rules.Value);
        var result = await work(change);
        await ledger.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        if (change.LeftMessages)
            outbox.Ring();
        foreach (var edit in change.ChangedEdits)
            bell.Ring(edit);
        return result;
    }

    private static bool IsConflict(DbUpdateException error) =>
        error is DbUpdateConcurrencyException || error.InnerException is SqliteException { SqliteErrorCode: ConstraintViolated };
}
