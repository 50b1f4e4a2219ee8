using System.CommandLine;
using FlexEdit.Cli.Showing;
using FlexEdit.Imaging;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks.Shapes;
using Spectre.Console;

namespace FlexEdit.Cli.Commands;

/// <summary><c>flexedit masks draw</c>: the mask that the server would use, as a file; needs no server.</summary>
public static class MasksCommand
{
    /// <summary>The command and its subcommands.</summary>
    public static Command Create(Terminal terminal) =>
        new("masks", "Work with masks, without a server") { Draw(terminal), FreeMasksCommand.Create(terminal), MaskSheetCommand.Create(terminal) };

    private static Command Draw(Terminal terminal)
    {
        var size = new Option<(int Width, int Height)>("--size")
        {
            Description = "Size of the upright scene in pixels",
            HelpName = "WxH",
            Required = true,
            CustomParser = result =>
            {
                if (PictureSize.TryParse(result.Tokens.Count == 1 ? result.Tokens[0].Value : "", out var parsed))
                    return parsed;
                result.AddError("--size wants width and height in pixels, such as 800x600.");
                return default;
            },
        };
        var shapes = new Option<string>("--shapes") { Description = "Marks as JSON, or a file of them", HelpName = "JSON|FILE", Required = true };
        var output = new Option<string>("--output", "-o") { Description = "The PNG to write, white where marked", HelpName = "FILE", Required = true };
        var command = new Command("draw", "Draw marks exactly as the server does") { size, shapes, output };
        command.SetGuardedAction(terminal, async (parsed, cancellationToken) =>
        {
            var (width, height) = parsed.GetRequiredValue(size);
            var marks = MarkReader.Read(ShapesText.Read(parsed.GetRequiredValue(shapes)), "--shapes");
            var mask = MarkRasteriser.Draw(marks, width, height, "--shapes");
            await File.WriteAllBytesAsync(parsed.GetRequiredValue(output), PictureEncoder.Png(GrayImage.Of(mask)), cancellationToken);
            terminal.Out.WriteLine(Wording.Invariant($"{parsed.GetRequiredValue(output)}: {mask.Count} of {width}x{height} pixels marked"));
            return ExitCode.Done;
        });
        return command;
    }
}
