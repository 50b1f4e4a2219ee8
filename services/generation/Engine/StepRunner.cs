using FlexEdit.Generation.Telemetry;
using FlexEdit.Models.Editing;
using FlexEdit.Platform.Engines;

namespace FlexEdit.Generation.Engine;

/// <summary>
/// One step over all pictures in flight, such that a failing one takes no neighbour along: memory running out
/// splits the batch, any other failure repeats it one by one. A picture that a failed call has moved on is not stepped twice.
/// </summary>
internal sealed class StepRunner(string name, IEditModel model, BatchLimit limit, TimeProvider time)
{
    /// <summary>Steps every picture; those that cannot be stepped fail.</summary>
    /// <param name="paintings">Pictures that have begun and are not finished.</param>
    /// <param name="stepped">Told of every picture that moved on, with its share of the model's milliseconds.</param>
    public void Step(IReadOnlyList<Painting> paintings, Action<Painting, double> stepped)
    {
        for (var first = 0; first < paintings.Count;)
        {
            var count = Math.Min(limit.Value, paintings.Count - first);
            StepBatch(paintings.Skip(first).Take(count).ToArray(), stepped);
            first += count;
        }
    }

    private void StepBatch(Painting[] batch, Action<Painting, double> stepped)
    {
        var before = Array.ConvertAll(batch, p => p.Edit.Step);
        var started = time.GetTimestamp();
        Exception? failure = null;
        try
        {
            model.Step(Array.ConvertAll(batch, p => p.Edit));
            limit.WentWell();
        }
        catch (Exception problem)
        {
            failure = problem;
            if (MemoryFailure.Is(problem))
            {
                limit.RanOut(batch.Length);
                GenerationMetrics.RanOutOfMemory(name);
            }
        }
        var took = time.GetElapsedTime(started);
        if (failure is null)
            GenerationMetrics.Stepped(name, batch.Length, took);
        var share = took.TotalMilliseconds / batch.Length;
        var left = new List<Painting>();
        for (var i = 0; i < batch.Length; i++)
        {
            if (batch[i].Edit.Step > before[i])
                stepped(batch[i], share);
            else
                left.Add(batch[i]);
        }
        if (left.Count > 0)
            Repeat(left, batch.Length, failure ?? new InvalidOperationException("The model's step left a picture where it was."), stepped);
    }

    private void Repeat(List<Painting> left, int tried, Exception failure, Action<Painting, double> stepped)
    {
        if (tried == 1)
        {
            left[0].Fail(failure);
            return;
        }
        var size = MemoryFailure.Is(failure) ? Math.Max(1, tried / 2) : 1;
        foreach (var part in left.Chunk(size))
            StepBatch(part, stepped);
    }
}
