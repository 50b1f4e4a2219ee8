using System.CommandLine;
using FlexEdit.Training.World;

namespace FlexEdit.Training.Benchmark;

/// <summary>The trainer's command that makes FSMI-Edit-Mini.</summary>
internal static class MiniCommand
{
    /// <summary><c>fsmi-mini</c>.</summary>
    public static Command Create(Option<string> world)
    {
        var folder = new Option<string>("--folder") { Description = "The benchmark folder to write.", DefaultValueFactory = _ => "evaluation/fsmi-edit-mini" };
        var seed = new Option<ulong>("--seed") { Description = "Of all chance.", DefaultValueFactory = _ => 2408 };
        var command = new Command("fsmi-mini", "Makes the benchmark FSMI-Edit-Mini from held-out objects and scenes.") { world, folder, seed };
        command.SetAction(arguments => new BuildMini(new WorldCatalog(arguments.GetRequiredValue(world), benchmarkNames: true), arguments.GetRequiredValue(folder), arguments.GetValue(seed)).Run());
        return command;
    }
}
