using FlexEdit.Storage.Batches;
using FlexEdit.Storage.Hosting;
using FlexEdit.Storage.Reads;
using FlexEdit.Storage.Usage;
using Microsoft.Extensions.Options;

namespace FlexEdit.Storage.Sweeping;

/// <summary>Sweeps every <see cref="StorageOptions.SweepInterval"/>. What goes wrong in one pass is logged and tried again in the next.</summary>
internal sealed partial class Sweeper(
    SweepLedger ledger, RetainData data, BatchUpkeep batches, FoldUsage usage, ProgressBoard progress, IOptions<StorageOptions> options, TimeProvider time, ILogger<Sweeper> log) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.SweepInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await TryAsync("moving edits on", ledger.SweepAsync, stoppingToken);
            await TryAsync("removing old data", data.SweepAsync, stoppingToken);
            await TryAsync("looking after batches", batches.TendAsync, stoppingToken);
            await TryAsync("adding up usage", usage.SweepAsync, stoppingToken);
            progress.ForgetOld();
        }
    }

    private async Task TryAsync(string what, Func<CancellationToken, Task> pass, CancellationToken stoppingToken)
    {
        try
        {
            await pass(stoppingToken);
        }
        catch (Exception error) when (!stoppingToken.IsCancellationRequested)
        {
            LogTrouble(error, what);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The sweeper had trouble {What}; it goes on with the next pass.")]
    private partial void LogTrouble(Exception error, string what);
}
