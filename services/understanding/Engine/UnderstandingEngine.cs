using System.Diagnostics;
using System.Threading.Channels;
using FlexEdit.Models.Editing;
using FlexEdit.Platform.Engines;
using FlexEdit.Platform.Telemetry;
using FlexEdit.Understanding.Telemetry;

namespace FlexEdit.Understanding.Engine;

/// <summary>One thread that owns the vision-language model and reads one edit after the other.</summary>
public sealed class UnderstandingEngine : IModelEngine
{
    private readonly string _name;
    private readonly TimeProvider _time;
    private readonly Channel<Reading> _requests;
    private readonly ModelThread<IUnderstandingModel> _thread;
    private int _resolution;

    /// <summary>Starts the engine's thread, which loads the model first.</summary>
    /// <param name="name">The model's id.</param>
    /// <param name="load">Loads the model; runs on the engine's thread.</param>
    /// <param name="waiting">Requests that may wait; further ones wait for a place.</param>
    /// <param name="time">Measures the time inside the model.</param>
    public UnderstandingEngine(string name, Func<IUnderstandingModel> load, int waiting, TimeProvider time)
    {
        (_name, _time) = (name, time);
        _requests = Channel.CreateBounded<Reading>(new BoundedChannelOptions(waiting) { SingleReader = true });
        _thread = new ModelThread<IUnderstandingModel>($"understanding {name}", load, Run);
    }

    /// <inheritdoc/>
    public Task Ready => _thread.Ready;

    /// <inheritdoc/>
    public Task Ended => _thread.Ended;

    /// <summary>Side R of the crops; 0 until <see cref="Ready"/>.</summary>
    public int Resolution => Volatile.Read(ref _resolution);

    /// <summary>Reads one edit.</summary>
    /// <param name="request">What to read.</param>
    /// <param name="stopping">Gives the request up; one that the model has begun is finished, and its result dropped.</param>
    /// <returns>What the model understood and the milliseconds it took.</returns>
    /// <exception cref="OperationCanceledException">Cancelled, or the engine stops.</exception>
    public async Task<(Models.Editing.Understanding Result, double ModelMs)> UnderstandAsync(UnderstandingRequest request, CancellationToken stopping)
    {
        await Ready.WaitAsync(stopping).ConfigureAwait(false);
        var reading = new Reading(request, stopping);
        try
        {
            await _requests.Writer.WriteAsync(reading, stopping).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw new OperationCanceledException("The engine has stopped.");
        }
        return await reading.Result.Task.ConfigureAwait(false);
    }

    /// <summary>Gives up what waits, lets the model finish what it reads, and waits for the thread.</summary>
    public void Dispose()
    {
        _requests.Writer.TryComplete();
        _thread.Dispose();
    }

    private void Run(IUnderstandingModel model, CancellationToken stopping)
    {
        Volatile.Write(ref _resolution, model.Resolution);
        try
        {
            // The thread has nothing else to do: it may block.
            while (_requests.Reader.WaitToReadAsync(stopping).AsTask().GetAwaiter().GetResult())
            {
                while (!stopping.IsCancellationRequested && _requests.Reader.TryRead(out var reading))
                    Read(model, reading);
            }
        }
        finally
        {
            _requests.Writer.TryComplete();
            while (_requests.Reader.TryRead(out var reading))
                reading.Result.TrySetCanceled(CancellationToken.None);
        }
    }

    private void Read(IUnderstandingModel model, Reading reading)
    {
        if (reading.Stopping.IsCancellationRequested)
        {
            reading.Result.TrySetCanceled(reading.Stopping);
            return;
        }
        var started = _time.GetTimestamp();
        using var span = Tracing.StartApart("read", reading.TraceParent);
        try
        {
            var result = model.Understand(reading.Request);
            var took = _time.GetElapsedTime(started);
            UnderstandingMetrics.Read(_name, took);
            reading.Result.TrySetResult((result, took.TotalMilliseconds));
        }
        catch (Exception problem)
        {
            // One edit's failure is its own.
            reading.Result.TrySetException(problem);
        }
    }

    private sealed record Reading(UnderstandingRequest Request, CancellationToken Stopping)
    {
        public string? TraceParent { get; } = Activity.Current?.Id;

        public TaskCompletionSource<(Models.Editing.Understanding, double)> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
