using FlexEdit.Platform.Bus;
using MassTransit;

namespace FlexEdit.Storage.Outbox;

/// <summary>Tells gateways and the other storage processes of changes, once and at once. While the broker is away nobody is told.</summary>
internal sealed partial class NewsTeller(ChangeNews news, IBusControl bus, TimeProvider time, ILogger<NewsTeller> log) : BackgroundService
{
    private static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var (change, traceParent) in news.ReadAsync(stoppingToken))
        {
            if (bus.CheckHealth().Status == BusHealthStatus.Unhealthy)
                continue;
            using var trace = TraceContext.Continue("send", traceParent);
            try
            {
                await bus.Publish(change, stoppingToken).WaitAsync(SendTimeout, time, stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotTold(error, change.EditId);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Nobody was told that edit {EditId} has changed.")]
    private partial void LogNotTold(Exception error, string editId);
}
