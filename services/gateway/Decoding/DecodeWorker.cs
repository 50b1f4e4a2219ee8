using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Threading.Channels;
using FlexEdit.Contracts;
using FlexEdit.Gateway.Decoding.Child;
using FlexEdit.Imaging;
using FlexEdit.Imaging.Pixels;

namespace FlexEdit.Gateway.Decoding;

/// <summary>
/// The program that a decoder's child process runs. Every program that may be a gateway asks first thing:
/// <c>if (DecodeWorker.IsRequested(args)) return await DecodeWorker.RunAsync(args);</c>
/// It reads a <see cref="DecodeRequest"/> a line from standard input and writes a <see cref="DecodeAnswer"/> a line to
/// standard output, and ends when its input does, also in the middle of a picture: it never outlives its parent.
/// </summary>
public static class DecodeWorker
{
    /// <summary>The first argument of a child.</summary>
    public const string Verb = "decode-worker";

    private const long LargestIdle = 64 * 1024 * 1024;

    /// <summary>Whether this process was started as a child.</summary>
    public static bool IsRequested(IReadOnlyList<string> args) => args.Count > 0 && args[0] == Verb;

    /// <summary>Works until the input ends. <paramref name="args"/>: the verb and the memory limit in MiB.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        // A Ctrl+C in a terminal reaches the whole group; the parent may still have uploads to finish.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, static signal => signal.Cancel = true);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, static signal => signal.Cancel = true);
        if (args.Count > 1)
            MemoryLimit.Set(long.Parse(args[1], CultureInfo.InvariantCulture));

        using var input = new StreamReader(Console.OpenStandardInput());
        await using var output = new StreamWriter(Console.OpenStandardOutput());
        // Loads the decoder, so that the first picture finds it warm.
        _ = PictureEncoder.Png(new GrayImage(1, 1));
        await output.WriteLineAsync(DecodeChild.Ready);
        await output.FlushAsync();

        var requests = Channel.CreateUnbounded<string>();
        // A thread of its own: the loop below is deaf while it decodes.
        new Thread(() => Read(input, requests.Writer)) { IsBackground = true, Name = "requests" }.Start();
        await foreach (var line in requests.Reader.ReadAllAsync())
        {
            var request = JsonSerializer.Deserialize<DecodeRequest>(line, ContractJson.Options)!;
            await output.WriteLineAsync(JsonSerializer.Serialize(DecodeWork.Run(request), ContractJson.Options));
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
        // The parent is gone or wants no more. Not Environment.Exit: a decoder that hangs would hang that, too.
        using var self = Process.GetCurrentProcess();
        self.Kill();
    }
}
