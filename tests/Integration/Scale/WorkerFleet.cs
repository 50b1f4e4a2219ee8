using System.Diagnostics;
using FlexEdit.Tests.Integration.Hosting;

namespace FlexEdit.Tests.Integration.Scale;

/// <summary>Generation workers as processes, as many as a scaler wants. A worker that goes is told so by SIGTERM, as a pod is, and is paid for until it has ended.</summary>
internal sealed class WorkerFleet((string Name, string Value)[] settings) : IAsyncDisposable
{
    private const int EndedBySignal = 128 + 15;
    private readonly List<Worker> _working = [];
    private readonly List<Worker> _all = [];

    /// <summary>Workers that are wanted now.</summary>
    public int Count => _working.Count;

    /// <summary>Seconds from each worker's start to its end, or until now.</summary>
    public double SecondsPaid => _all.Sum(worker => (worker.Ended ?? Stopwatch.GetElapsedTime(worker.Started)).TotalSeconds);

    /// <summary>Times from a start to the worker's being ready.</summary>
    public IReadOnlyList<TimeSpan> Starts => [.. _all.Select(worker => worker.Ready).OfType<TimeSpan>().Order()];

    /// <summary>Exit codes of those that have ended, but for those that SIGTERM itself ended because they were still starting.</summary>
    public IReadOnlyList<int> ExitCodes => [.. _all.Where(worker => worker is not { Ready: null, ExitCode: EndedBySignal }).Select(worker => worker.ExitCode).OfType<int>()];

    /// <summary>The processes of those that are wanted.</summary>
    public IEnumerable<(string Name, int Pid)> Processes => _working.Select(worker => ("generation", worker.Process.Id));

    /// <summary>Largest resident memory of a worker, bytes.</summary>
    public long Memory => _working.Select(worker => ResidentOf(worker.Process.Id)).DefaultIfEmpty().Max();

    /// <summary>Starts workers, or ends the ones that came last; waits for neither.</summary>
    public void Scale(int wanted)
    {
        while (_working.Count < wanted)
        {
            var worker = new Worker(ServiceProcess.Start("FlexEdit.Generation", settings));
            worker.Task = worker.WatchAsync();
            _working.Add(worker);
            _all.Add(worker);
        }
        while (_working.Count > wanted)
        {
            var worker = _working[^1];
            _working.Remove(worker);
            worker.Task = worker.EndAsync();
        }
    }

    /// <summary>Starts workers a few at a time, since a machine that starts 64 at once does nothing else for minutes.</summary>
    public async Task GrowAsync(int wanted)
    {
        const int Together = 4;
        while (_working.Count < wanted)
        {
            Scale(Math.Min(wanted, _working.Count + Together));
            await ReadyAsync();
        }
    }

    /// <summary>Waits until those that are wanted are ready.</summary>
    public Task ReadyAsync() => Task.WhenAll(_working.Select(worker => worker.Task!));

    /// <summary>Waits until those that were told to end have ended.</summary>
    public Task EndedAsync() => Task.WhenAll(_all.Except(_working).Select(worker => worker.Task!));

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _all)
            await worker.Process.DisposeAsync();
    }

    private static long ResidentOf(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return process.WorkingSet64;
        }
        catch (ArgumentException)
        {
            return 0;
        }
    }

    private sealed class Worker(ServiceProcess process)
    {
        private readonly CancellationTokenSource _leaving = new();

        public ServiceProcess Process => process;

        public long Started { get; } = Stopwatch.GetTimestamp();

        public TimeSpan? Ready { get; private set; }

        public TimeSpan? Ended { get; private set; }

        public int? ExitCode { get; private set; }

        public Task? Task { get; set; }

        public async Task WatchAsync()
        {
            using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
            try
            {
                while (await process.ReadinessAsync(_leaving.Token) != 200)
                    await poll.WaitForNextTickAsync(_leaving.Token);
                Ready = Stopwatch.GetElapsedTime(Started);
            }
            catch (OperationCanceledException)
            {
                // It was told to end before.
            }
        }

        public async Task EndAsync()
        {
            await _leaving.CancelAsync();
            ExitCode = (await process.TerminateAsync(TimeSpan.FromMinutes(10))).ExitCode;
            Ended = Stopwatch.GetElapsedTime(Started);
            _leaving.Dispose();
        }
    }
}
