using FlexEdit.Contracts.Messages;
using FlexEdit.Storage.Hosting;
using FlexEdit.Storage.Outbox;
using FlexEdit.Storage.Releasing;
using FlexEdit.Storage.Webhooks.Delivering;
using FlexEdit.Storage.Webhooks.Events;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FlexEdit.Storage.Ledger;

/// <summary>
/// The one way to change the ledger: a transaction that reads, decides and writes, and starts over when another writer was faster or the
/// database was lost on the way. Every row that is decided upon has a version in the condition of its update, so that this holds with several
/// storage processes; locks only make it cheap. A commit whose answer was lost is done again, so the work must find what it did before.
/// </summary>
internal sealed class LedgerWriter(
    IDbContextFactory<LedgerContext> ledgers, ILedgerDatabase database, IOptions<StorageOptions> rules,
    FreshMessages messages, ReleaseSignal release, EditBell bell, ChangeNews news, PostEvents webhooks, DeliverySignal deliveries) : IDisposable
{
    private const int MostConflicts = 50;
    private const int MostLosses = 3;
    private static readonly TimeSpan LossGap = TimeSpan.FromMilliseconds(100);
    private readonly SemaphoreSlim _writers = new(database.Writers, database.Writers);

    /// <summary>Runs <paramref name="work"/> in a transaction and commits it. After the commit the outbox and the edits' bells are rung, and the changes told.</summary>
    public Task<T> WriteAsync<T>(Func<LedgerChange, Task<T>> work, CancellationToken cancellationToken) =>
        RepeatAsync(() => TryAsync(work, cancellationToken), cancellationToken);

    /// <summary>As <see cref="WriteAsync{T}"/>, without a result.</summary>
    public Task WriteAsync(Func<LedgerChange, Task> work, CancellationToken cancellationToken) => WriteAsync(
        async change =>
        {
            await work(change);
            return true;
        },
        cancellationToken);

    /// <summary>One statement, which is a transaction by itself, rings for nobody and takes its time from the database.</summary>
    public Task<T> StatementAsync<T>(Func<LedgerContext, Task<T>> statement, CancellationToken cancellationToken) => RepeatAsync(
        async () =>
        {
            await using var ledger = await ledgers.CreateDbContextAsync(cancellationToken);
            return await statement(ledger);
        },
        cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _writers.Dispose();

    private async Task<T> RepeatAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        var (conflicts, losses) = (0, 0);
        while (true)
        {
            await _writers.WaitAsync(cancellationToken);
            try
            {
                return await work();
            }
            catch (Exception error) when (++conflicts < MostConflicts && database.IsConflict(error))
            {
                // Another writer was faster: decide again on what is there now.
                continue;
            }
            catch (Exception error) when (++losses < MostLosses && database.IsPassing(error))
            {
                // The database restarts, or the connection was cut.
            }
            finally
            {
                _writers.Release();
            }
            await Task.Delay(LossGap * losses, cancellationToken);
        }
    }

    private async Task<T> TryAsync<T>(Func<LedgerChange, Task<T>> work, CancellationToken cancellationToken)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(cancellationToken);
        await using var transaction = await ledger.Database.BeginTransactionAsync(cancellationToken);
        // What fails ends the whole transaction; two statements for a savepoint would be for nothing.
        ledger.Database.AutoSavepointsEnabled = false;
        var change = new LedgerChange(ledger, database, await database.NowAsync(ledger, cancellationToken), rules.Value, messages);
        var result = await work(change);
        await change.ReleaseNewAsync();
        await webhooks.PostAsync(change, cancellationToken);
        await ledger.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        if (change.Messages.Count > 0)
        {
            var later = change.Messages.Where(row => !messages.IsTaken(row)).Select(row => row.SendAfter - change.Now).DefaultIfEmpty(long.MaxValue).Min();
            messages.Hand(change.Messages.Where(messages.IsTaken), later == long.MaxValue ? null : TimeSpan.FromTicks(later));
        }
        if (change.MadeRoom)
            release.Ring();
        if (change.LeftDeliveries)
            deliveries.Ring();
        foreach (var edit in change.ChangedEdits)
        {
            bell.Ring(edit.Id);
            news.Tell(new EditChanged { EditId = edit.Id, Sequence = edit.Sequence }, edit.TraceParent);
        }
        foreach (var count in change.Counts)
            count();
        return result;
    }
}
