using System.Diagnostics;

namespace FlexEdit.Platform.Engines;

/// <summary>
/// A thread that owns a model: loads it, runs an engine's loop over it and disposes of it. Networks keep their
/// dispose scopes per thread, so nothing else may touch the model.
/// </summary>
/// <typeparam name="TModel">The model.</typeparam>
public sealed class ModelThread<TModel> : IDisposable
    where TModel : IDisposable
{
    private readonly Func<TModel> _load;
    private readonly Action<TModel, CancellationToken> _loop;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;
    private int _disposed;

    /// <summary>Starts the thread.</summary>
    /// <param name="name">Its name, for debuggers.</param>
    /// <param name="load">Loads the model; runs on the thread.</param>
    /// <param name="loop">The engine; returns, or throws <see cref="OperationCanceledException"/>, soon after its token is cancelled.</param>
    public ModelThread(string name, Func<TModel> load, Action<TModel, CancellationToken> loop)
    {
        (_load, _loop) = (load, loop);
        _thread = new Thread(Run) { Name = name, IsBackground = true };
        _thread.Start();
    }

    /// <summary>Done when the model is loaded; faults when it can't be.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Done when the thread has ended; faults when the model could not be loaded or the loop failed.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Stops the loop and waits for the thread.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _stop.Cancel();
        if (Thread.CurrentThread != _thread)
            _thread.Join();
        _stop.Dispose();
    }

    private void Run()
    {
        try
        {
            var began = Stopwatch.GetTimestamp();
            using var model = _load();
            EngineMetrics.Loaded(Thread.CurrentThread.Name!, Stopwatch.GetElapsedTime(began));
            _ready.SetResult();
            _loop(model, _stop.Token);
            _ended.SetResult();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            _ready.TrySetCanceled();
            _ended.SetResult();
        }
        catch (Exception problem)
        {
            // Nobody is above this frame: who waits for the engine hears of it.
            _ready.TrySetException(problem);
            _ended.SetException(problem);
        }
    }
}
