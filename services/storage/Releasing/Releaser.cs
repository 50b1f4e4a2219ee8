using FlexEdit.Storage.Hosting;
using Microsoft.Extensions.Options;

namespace FlexEdit.Storage.Releasing;

/// <summary>Lets held edits go when there is room, and now and then without being rung for: other storage processes make room too.</summary>
internal sealed partial class Releaser(
    ReleaseHeld held, ReleaseSignal signal, IOptions<StorageOptions> options, TimeProvider time, ILogger<Releaser> log) : BackgroundService
{
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(50);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await held.ReleaseAsync(stoppingToken);
                // Rings come with every submission and every claim; every twentieth of a second is soon enough to look again.
                await Task.Delay(Breath, time, stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                LogTrouble(error);
            }
            await signal.WaitAsync(options.Value.OutboxInterval, time, stoppingToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Held edits could not be looked at; it is tried again.")]
    private partial void LogTrouble(Exception error);
}
