using FlexEdit.Platform.Hosting;
using FlexEdit.Platform.Models;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FlexEdit.Platform.Engines;

/// <summary>
/// Loads the default model beside the rest of the start; the host counts as started only when it is loaded. An engine
/// that ends later takes the process along, for its supervisor to start again.
/// </summary>
internal sealed partial class EngineHost<TEngine>(
    ModelEngines<TEngine> engines, ModelCatalog catalog, IHostApplicationLifetime lifetime, ILogger<EngineHost<TEngine>> logger)
    : IHostedLifecycleService
    where TEngine : class, IModelEngine
{
    private Task _watch = Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        _ = engines.Default;
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        try
        {
            await engines.Default.Ready.WaitAsync(cancellationToken);
        }
        catch (Exception problem) when (problem is not (OperationCanceledException or StartupException))
        {
            throw new StartupException($"The model '{catalog.Default}' could not be loaded from {catalog.FolderOf(catalog.Default)}: {problem.Message}", problem);
        }
        _watch = WatchAsync(engines.Default);
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        engines.Dispose();
        await _watch.WaitAsync(cancellationToken);
    }

    private async Task WatchAsync(TEngine engine)
    {
        try
        {
            await engine.Ended;
        }
        catch (Exception problem)
        {
            LogEnded(problem);
            lifetime.StopApplication();
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "An engine ended; the process stops.")]
    private partial void LogEnded(Exception problem);
}
