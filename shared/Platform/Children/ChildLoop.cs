using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Threading.Channels;
using FlexEdit.Contracts;

namespace FlexEdit.Platform.Children;

/// <summary>
/// What a child process does all its life: it reads a request a line from standard input and writes an answer a line to standard output,
/// and ends when its input does, also in the middle of a piece of work: it never outlives its parent.
/// </summary>
public static class ChildLoop
{
    private const long LargestIdle = 64 * 1024 * 1024;

    /// <summary>Works until the input ends.</summary>
    /// <param name="args">The verb and the memory limit in MiB.</param>
    /// <param name="load">Loads what the work needs, so that the first request finds it warm.</param>
    /// <param name="work">One piece of work; it answers for whatever is wrong with a request.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync<TRequest, TAnswer>(IReadOnlyList<string> args, Action load, Func<TRequest, TAnswer> work)
        where TRequest : class
    {
        // A Ctrl+C in a terminal reaches the whole group; the parent may still have work to finish.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, static signal => signal.Cancel = true);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, static signal => signal.Cancel = true);
        if (args.Count > 1)
            MemoryLimit.Set(long.Parse(args[1], CultureInfo.InvariantCulture));

        using var input = new StreamReader(Console.OpenStandardInput());
        await using var output = new StreamWriter(Console.OpenStandardOutput());
        load();
        await output.WriteLineAsync(ChildProcess.Ready);
        await output.FlushAsync();

        var requests = Channel.CreateUnbounded<string>();
        // A thread of its own: the loop below is deaf while it works.
        new Thread(() => Read(input, requests.Writer)) { IsBackground = true, Name = "requests" }.Start();
        await foreach (var line in requests.Reader.ReadAllAsync())
        {
            var request = JsonSerializer.Deserialize<TRequest>(line, ContractJson.Options)!;
            await output.WriteLineAsync(JsonSerializer.Serialize(work(request), ContractJson.Options));
            await output.FlushAsync();
            // A child waits for long; a large picture's memory goes back to the system.
            if (GC.GetGCMemoryInfo().TotalCommittedBytes > LargestIdle || GC.GetTotalMemory(false) > LargestIdle)
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }

        return 0;
    }

    private static void Read(StreamReader input, ChannelWriter<string> requests)
    {
        while (input.ReadLine() is { } line)
            requests.TryWrite(line);
        // The parent is gone or wants no more. Not Environment.Exit: a library that hangs would hang that, too.
        using var self = Process.GetCurrentProcess();
        self.Kill();
    }
}
