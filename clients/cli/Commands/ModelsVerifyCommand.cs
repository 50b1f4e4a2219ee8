using System.CommandLine;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using FlexEdit.Cli.Showing;
using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Methods;
using Spectre.Console;

namespace FlexEdit.Cli.Commands;

/// <summary><c>flexedit models verify DIR</c>: what is missing or wrong in a model folder, and how much memory it will take.</summary>
public static class ModelsVerifyCommand
{
    /// <summary>The command.</summary>
    public static Command Create(Terminal terminal)
    {
        var folder = new Argument<string>("DIR") { Description = "Folder with card.json" };
        var record = new Option<bool>("--record") { Description = "First write the digests of the folder's files into its card: for files that you trust" };
        var json = JsonOption.Create();
        var command = new Command("verify", "Compare a model folder's files with its card and its networks; exit code 0 only if nothing is wrong") { folder, record, json };
        command.SetGuardedAction(terminal, (parsed, _) => Task.FromResult(Run(terminal, parsed.GetRequiredValue(folder), parsed.GetValue(record), parsed.GetValue(json))));
        return command;
    }

    // Kept apart so that the library is loaded only when this runs.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Run(Terminal terminal, string folder, bool record, bool json)
    {
        try
        {
            if (record && ModelVerification.Record(folder) is var count && !json)
                terminal.Out.WriteLine($"Recorded the digests of {count} files.");
            var found = ModelVerification.Of(folder);
            if (json)
                JsonOption.Write(terminal, ToJson(found));
            else
                Write(terminal, folder, found);
            return found.Problems.Count == 0 ? ExitCode.Done : ExitCode.Failed;
        }
        catch (CheckpointException problem)
        {
            throw new IOException(problem.Message, problem);
        }
    }

    private static void Write(Terminal terminal, string folder, ModelVerification found)
    {
        terminal.Out.WriteLine($"{folder}: {found.Method}");
        foreach (var part in found.Parts)
            terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {part.Name,-16} {part.Tensors,5} tensors {part.Elements,14:N0} weights {Megabytes(part.Bytes),12} as {part.Type}{(part.Problems.Count > 0 ? "  WRONG" : "")}"));
        terminal.Out.WriteLine($"Memory for the weights: {Megabytes(found.Bytes)}; what a picture takes while it is painted comes on top.");
        foreach (var problem in found.Problems)
            terminal.Error.WriteLine($"wrong: {problem}");
        terminal.Out.WriteLine(found.Problems.Count == 0 ? "Nothing is missing or wrong." : $"{found.Problems.Count} {(found.Problems.Count == 1 ? "thing is" : "things are")} missing or wrong.");
    }

    private static JsonElement ToJson(ModelVerification found) => JsonSerializer.SerializeToElement(new
    {
        method = found.Method,
        bytes = found.Bytes,
        parts = found.Parts.Select(p => new { name = p.Name, tensors = p.Tensors, weights = p.Elements, bytes = p.Bytes, dtype = p.Type.ToString(), problems = p.Problems }),
        problems = found.Problems,
    });

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:N1} MB");
}
