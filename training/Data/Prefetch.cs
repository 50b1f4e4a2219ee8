using System.Collections.Concurrent;

namespace FlexEdit.Training.Data;

/// <summary>
/// Makes batches ahead of the trainer on threads of its own and hands them out in order of their number,
/// so that a run is the same however many threads there are.
/// </summary>
/// <typeparam name="T">A batch.</typeparam>
public sealed class Prefetch<T> : IDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentDictionary<long, T> ready = new();
    private readonly SemaphoreSlim places;
    private readonly SemaphoreSlim made = new(0);
    private readonly Thread[] threads;
    private Exception? failure;
    private long next, wanted;

    /// <summary>Starts making batches.</summary>
    /// <param name="make">Makes the batch of a number; called from several threads.</param>
    /// <param name="first">Number of the first batch.</param>
    /// <param name="ahead">Most batches that wait.</param>
    /// <param name="workers">Threads.</param>
    public Prefetch(Func<long, T> make, long first, int ahead, int workers = 1)
    {
        (next, wanted) = (first, first);
        places = new SemaphoreSlim(ahead);
        threads = [.. Enumerable.Range(0, workers).Select(_ => new Thread(() => Run(make)) { IsBackground = true })];
        foreach (var thread in threads)
            thread.Start();
    }

    /// <summary>The next batch; waits for it.</summary>
    public T Take()
    {
        T? batch;
        while (!ready.TryRemove(wanted, out batch))
        {
            made.Wait();
            if (failure is { } e)
                throw new InvalidOperationException("A batch could not be made.", e);
        }
        wanted++;
        places.Release();
        return batch;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        stop.Cancel();
        foreach (var thread in threads)
            thread.Join();
        stop.Dispose();
        places.Dispose();
        made.Dispose();
    }

    private void Run(Func<long, T> make)
    {
        try
        {
            while (true)
            {
                places.Wait(stop.Token);
                var number = Interlocked.Increment(ref next) - 1;
                ready[number] = make(number);
                made.Release();
            }
        }
        catch (OperationCanceledException)
        {
            // disposed
        }
        catch (Exception e)
        {
            failure = e;
            made.Release();
        }
    }
}
