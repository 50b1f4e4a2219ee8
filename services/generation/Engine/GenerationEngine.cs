using System.Collections.Concurrent;
using FlexEdit.Models.Editing;
using FlexEdit.Platform.Engines;

namespace FlexEdit.Generation.Engine;

/// <summary>
/// Step-level continuous batching: one thread owns the model and runs one step after the other over whatever pictures
/// are in flight. Between two steps (1) cancelled pictures leave, (2) waiting ones join while there are slots,
/// (3) all in flight are stepped together, (4) finished ones are decoded and leave.
/// </summary>
public sealed class GenerationEngine : IModelEngine
{
    private readonly string _name;
    private readonly int _slots;
    private readonly int _previewEvery;
    private readonly TimeProvider _time;
    private readonly BlockingCollection<Painting> _arrivals = [];
    private readonly ModelThread<IEditModel> _thread;
    private int _resolution;

    /// <summary>Starts the engine's thread, which loads the model first.</summary>
    /// <param name="name">The model's id.</param>
    /// <param name="load">Loads the model; runs on the engine's thread.</param>
    /// <param name="slots">Pictures in flight at once.</param>
    /// <param name="previewEvery">A preview after every so many steps; 0 for none.</param>
    /// <param name="time">Measures the time inside the model.</param>
    public GenerationEngine(string name, Func<IEditModel> load, int slots, int previewEvery, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(slots);
        ArgumentOutOfRangeException.ThrowIfNegative(previewEvery);
        (_name, _slots, _previewEvery, _time) = (name, slots, previewEvery, time);
        _thread = new ModelThread<IEditModel>($"generation {name}", load, Run);
    }

    /// <inheritdoc/>
    public Task Ready => _thread.Ready;

    /// <inheritdoc/>
    public Task Ended => _thread.Ended;

    /// <summary>Side R of the crops; 0 until <see cref="Ready"/>.</summary>
    public int Resolution => Volatile.Read(ref _resolution);

    /// <summary>Paints one picture together with whatever else is in flight.</summary>
    /// <param name="request">What to paint.</param>
    /// <param name="report">Called on the engine's thread after each step; must return at once.</param>
    /// <param name="stopping">Lets go of the picture before the next step.</param>
    /// <exception cref="OperationCanceledException">Cancelled, or the engine stops.</exception>
    public async Task<GeneratedCrop> PaintAsync(GenerationRequest request, Action<PaintingProgress>? report, CancellationToken stopping)
    {
        await Ready.WaitAsync(stopping).ConfigureAwait(false);
        var painting = new Painting(request, report, stopping);
        try
        {
            _arrivals.Add(painting, stopping);
        }
        catch (InvalidOperationException)
        {
            throw new OperationCanceledException("The engine has stopped.");
        }
        return await painting.Result.ConfigureAwait(false);
    }

    /// <summary>Lets go of every picture and waits for the thread.</summary>
    public void Dispose()
    {
        _thread.Dispose();
        _arrivals.Dispose();
    }

    private void Run(IEditModel model, CancellationToken stopping)
    {
        Volatile.Write(ref _resolution, model.Resolution);
        var limit = new BatchLimit(_slots);
        var steps = new StepRunner(_name, model, limit, _time);
        var waiting = new Queue<Painting>();
        var flying = new List<Painting>();
        try
        {
            while (true)
            {
                Receive(waiting, block: flying.Count == 0, stopping);
                // 1. Cancelled pictures leave.
                foreach (var painting in flying.Where(p => p.IsStopped))
                    painting.Cancel();
                flying.RemoveAll(p => p.IsDone);
                // 2. Waiting ones join.
                while (flying.Count < limit.Value && waiting.TryPeek(out var next) && TryBegin(model, next, flying, limit))
                    waiting.Dequeue();
                // 3. One step.
                var together = flying.Count;
                steps.Step(flying, (painting, share) =>
                {
                    painting.Trace.Stepped(painting.Edit.Step, together);
                    Report(model, painting, share);
                });
                // 4. Finished ones leave.
                foreach (var painting in flying.Where(p => !p.IsDone && p.Edit.Step >= p.Edit.Steps))
                    Finish(model, painting);
                flying.RemoveAll(p => p.IsDone);
            }
        }
        finally
        {
            _arrivals.CompleteAdding();
            foreach (var painting in flying.Concat(waiting).Concat(_arrivals.GetConsumingEnumerable(CancellationToken.None)))
                painting.Cancel();
        }
    }

    private void Receive(Queue<Painting> waiting, bool block, CancellationToken stopping)
    {
        stopping.ThrowIfCancellationRequested();
        if (block && waiting.Count == 0)
            waiting.Enqueue(_arrivals.Take(stopping));
        while (_arrivals.TryTake(out var arrival))
            waiting.Enqueue(arrival);
        for (var i = waiting.Count; i > 0; i--)
        {
            var painting = waiting.Dequeue();
            if (painting.IsStopped)
                painting.Cancel();
            else
                waiting.Enqueue(painting);
        }
    }

    // False: there is no memory beside the others; the picture waits until one of them leaves.
    private bool TryBegin(IEditModel model, Painting painting, List<Painting> flying, BatchLimit limit)
    {
        var started = _time.GetTimestamp();
        try
        {
            painting.Trace.Begin(_name);
            painting.Edit = model.Begin(painting.Request);
            painting.Report(new PaintingProgress(0, painting.Edit.Steps, _time.GetElapsedTime(started).TotalMilliseconds, null));
            painting.Trace.Steps();
            flying.Add(painting);
        }
        catch (Exception problem) when (MemoryFailure.Is(problem) && flying.Count > 0)
        {
            limit.LowerTo(flying.Count);
            return false;
        }
        catch (Exception problem)
        {
            painting.Fail(problem);
        }
        return true;
    }

    private void Report(IEditModel model, Painting painting, double share)
    {
        var (step, steps) = (painting.Edit.Step, painting.Edit.Steps);
        byte[]? preview = null;
        if (_previewEvery > 0 && step % _previewEvery == 0 && step < steps)
        {
            var started = _time.GetTimestamp();
            try
            {
                preview = model.Preview(painting.Edit);
            }
            catch (Exception problem) when (MemoryFailure.Is(problem))
            {
                // A preview is a courtesy: the picture goes on without it.
            }
            catch (Exception problem)
            {
                painting.Fail(problem);
                return;
            }
            share += _time.GetElapsedTime(started).TotalMilliseconds;
        }
        painting.Report(new PaintingProgress(step, steps, share, preview));
    }

    private void Finish(IEditModel model, Painting painting)
    {
        var started = _time.GetTimestamp();
        try
        {
            painting.Trace.Finish();
            var crop = model.Finish(painting.Edit);
            painting.Report(new PaintingProgress(painting.Edit.Step, painting.Edit.Steps, _time.GetElapsedTime(started).TotalMilliseconds, null, IsEnd: true));
            painting.Finish(crop);
        }
        catch (Exception problem)
        {
            painting.Fail(problem);
        }
    }
}
