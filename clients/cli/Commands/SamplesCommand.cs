using System.CommandLine;
using System.Globalization;
using FlexEdit.Cli.Api;
using FlexEdit.Cli.Samples;
using FlexEdit.Cli.Showing;
using Spectre.Console;

namespace FlexEdit.Cli.Commands;

/// <summary><c>flexedit samples</c>: what <c>./run</c> shows a newcomer.</summary>
public static class SamplesCommand
{
    private static readonly TimeSpan s_pollInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>The command.</summary>
    public static Command Create(Terminal terminal, ServerOptions server)
    {
        var from = new Option<string?>("--from") { Description = "Folder with samples.json (found above the program)", HelpName = "DIR" };
        var output = new Option<string>("--out") { Description = "Where the pictures go (out)", HelpName = "DIR", DefaultValueFactory = _ => "out" };
        var wait = new Option<int>("--wait") { Description = "Seconds to wait for a server that is starting", HelpName = "SECONDS" };
        var command = new Command("samples", "Edit the sample pictures; exit code 0 only if every edit succeeds") { from, output, wait };
        command.SetGuardedAction(terminal, async (parsed, cancellationToken) =>
        {
            var folder = parsed.GetValue(from) ?? SampleSet.FindFolder() ?? throw new IOException("No samples were found; name their folder with --from.");
            var set = SampleSet.Read(folder);
            Directory.CreateDirectory(parsed.GetRequiredValue(output));
            using var client = server.Open(parsed);
            if (parsed.GetValue(wait) is > 0 and var seconds)
                await WaitAsync(client, terminal, TimeSpan.FromSeconds(seconds), cancellationToken);
            return await RunAllAsync(set, new SampleRun(client, terminal, folder, parsed.GetRequiredValue(output)), terminal, cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAllAsync(SampleSet set, SampleRun run, Terminal terminal, CancellationToken cancellationToken)
    {
        var succeeded = 0;
        foreach (var (number, sample) in set.Samples.Index())
        {
            terminal.Out.WriteLine("");
            terminal.Out.WriteLine($"Sample {number + 1} of {set.Samples.Count}: {sample.Instruction}");
            try
            {
                if (await run.RunAsync(sample, cancellationToken))
                    succeeded++;
            }
            catch (ApiException refused)
            {
                terminal.Error.WriteLine($"  refused: {refused.Message}");
            }
        }
        terminal.Out.WriteLine("");
        terminal.Out.WriteLine($"{succeeded} of {set.Samples.Count} samples succeeded.");
        return succeeded == set.Samples.Count && succeeded > 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private static async Task WaitAsync(FlexEditClient client, Terminal terminal, TimeSpan limit, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        var start = time.GetTimestamp();
        terminal.Out.WriteLine("Loading the model");
        while (!await client.IsReadyAsync(cancellationToken))
        {
            if (time.GetElapsedTime(start) > limit)
                throw new IOException(string.Create(CultureInfo.InvariantCulture, $"The server at {client.Server} was not ready after {limit.TotalSeconds:0} s."));
            await Task.Delay(s_pollInterval, time, cancellationToken);
        }
        terminal.Out.WriteLine($"Ready after {Wording.Duration(time.GetElapsedTime(start).TotalMilliseconds)}");
    }
}
