using System.CommandLine;
using System.Globalization;
using System.Runtime.CompilerServices;
using FlexEdit.Cli.Showing;
using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Methods;
using Spectre.Console;
using static TorchSharp.torch;

namespace FlexEdit.Cli.Commands;

/// <summary><c>flexedit models convert SOURCE TARGET</c>: LoRA merged, weights cast and sharded, a single Stable Diffusion file taken apart.</summary>
public static class ModelsConvertCommand
{
    /// <summary>The command.</summary>
    public static Command Create(Terminal terminal)
    {
        var source = new Argument<string>("SOURCE") { Description = "Model folder; its digests are compared" };
        var target = new Argument<string>("TARGET") { Description = "New or empty folder" };
        var type = new Option<string>("--dtype") { Description = "What weights are written in (float32)", DefaultValueFactory = _ => "float32" };
        type.AcceptOnlyFromAmong("float32", "float16", "bfloat16");
        var shard = new Option<double>("--shard-size") { Description = "Largest size of a file in megabytes (5000)", HelpName = "MB", DefaultValueFactory = _ => 5000 };
        var lora = new Option<string[]>("--lora") { Description = "Adapter to merge: FILE in kohya's layout, or PART=FILE in PEFT's (unet, text_encoder, …); may be repeated", HelpName = "[PART=]FILE" };
        var strength = new Option<double>("--lora-strength") { Description = "What the adapters are multiplied by (1)", DefaultValueFactory = _ => 1 };
        var command = new Command("convert", "Write a model folder anew: merge LoRA, cast, shard, take a single Stable Diffusion file apart") { source, target, type, shard, lora, strength };
        command.SetGuardedAction(terminal, (parsed, _) =>
        {
            var megabytes = parsed.GetValue(shard);
            if (!(megabytes * 1e6 is >= 1 and <= 1e15))
                throw new FormatException("--shard-size wants a number of megabytes above 0.");
            return Task.FromResult(Run(terminal, parsed.GetRequiredValue(source), parsed.GetRequiredValue(target), parsed.GetRequiredValue(type), (long)(megabytes * 1e6), parsed.GetValue(lora) ?? [], parsed.GetValue(strength)));
        });
        return command;
    }

    // Kept apart so that the library is loaded only when this runs.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Run(Terminal terminal, string source, string target, string type, long shardBytes, string[] loras, double strength)
    {
        try
        {
            var written = ModelConversion.Convert(source, target, new ConversionOptions
            {
                Type = type switch { "float16" => ScalarType.Float16, "bfloat16" => ScalarType.BFloat16, _ => ScalarType.Float32 },
                ShardBytes = shardBytes,
                Loras = [.. loras.Select(l => l.IndexOf('=', StringComparison.Ordinal) is > 0 and var at ? new LoraFile(l[(at + 1)..], l[..at], strength) : new LoraFile(l, null, strength))],
            });
            terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Wrote {string.Join(", ", written)} to {target} as {type}{(loras.Length > 0 ? $" with {loras.Length} adapters merged" : "")}."));
            return ExitCode.Done;
        }
        catch (CheckpointException problem)
        {
            throw new IOException(problem.Message, problem);
        }
    }
}
