using FlexEdit.Storage.Hosting;
using FlexEdit.Storage.Sweeping;
using Microsoft.Extensions.Options;

namespace FlexEdit.Storage.Ledger;

/// <summary>Before anything else of the process starts: opens the ledger, brings its tables up to date, and takes over where there is one owner.</summary>
internal sealed class LedgerStart(ILedgerDatabase database, SweepLedger sweep, IOptions<StorageOptions> options) : IHostedLifecycleService
{
    /// <inheritdoc/>
    /// <exception cref="Platform.Hosting.StartupException">The ledger cannot be used.</exception>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await database.PrepareAsync(cancellationToken);
        if (options.Value is { SoleOwner: true, Database: StorageOptions.Sqlite })
            await sweep.TakeOverAsync(cancellationToken);
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
}
