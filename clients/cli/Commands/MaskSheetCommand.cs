using System.CommandLine;
using FlexEdit.Cli.Showing;
using FlexEdit.Imaging;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;
using FlexEdit.Masks.FreeShapes;
using FlexEdit.Masks.Shapes;
using Spectre.Console;

namespace FlexEdit.Cli.Commands;

/// <summary><c>flexedit masks sheet</c>: what each kind of free-shape mask looks like.</summary>
public static class MaskSheetCommand
{
    private const int Side = 96, Gap = 4;
    private const byte Ground = 30, Thing = 90;

    /// <summary>The command.</summary>
    public static Command Create(Terminal terminal)
    {
        var seed = new Option<ulong>("--seed") { Description = "Of all chance (0)", HelpName = "SEED" };
        var columns = new Option<int>("--columns") { Description = "Examples of each kind (8)", HelpName = "N", DefaultValueFactory = _ => 8 };
        var output = new Option<string>("--output", "-o") { Description = "The PNG to write", HelpName = "FILE", Required = true };
        var command = new Command("sheet", "Draw examples of the random walk and of the eight kinds over grey objects") { seed, columns, output };
        command.SetGuardedAction(terminal, async (parsed, cancellationToken) =>
        {
            var sheet = Draw(parsed.GetValue(columns), parsed.GetValue(seed));
            await File.WriteAllBytesAsync(parsed.GetRequiredValue(output), PictureEncoder.Png(sheet), cancellationToken);
            terminal.Out.WriteLine($"{parsed.GetRequiredValue(output)}: walk, {string.Join(", ", DrawnShape.Kinds)}, from above");
            return ExitCode.Done;
        });
        return command;
    }

    private static GrayImage Draw(int columns, ulong seed)
    {
        Mask[] things =
        [
            MarkRasteriser.Draw([new CircleMark(48, 48, 24)], Side, Side),
            MarkRasteriser.Draw([new CircleMark(46, 38, 16), new RectangleMark(38, 48, 16, 26)], Side, Side),
            MarkRasteriser.Draw([new RectangleMark(24, 34, 48, 26) { Rotation = 25 }], Side, Side),
            MarkRasteriser.Draw([new CircleMark(48, 48, 28), new CircleMark(48, 48, 11) { Operation = MarkOperation.Subtract }], Side, Side),
        ];
        var rows = DrawnShape.Kinds.Count + 1;
        var sheet = new GrayImage((columns * (Side + Gap)) + Gap, (rows * (Side + Gap)) + Gap);
        sheet.Pixels.AsSpan().Fill(255);
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                var thing = things[column % things.Length];
                var random = new SeededRandom(seed, (ulong)((row * 1000) + column));
                var mark = row == 0 ? RandomWalk.Draw(thing, random) : DrawnShape.Draw(DrawnShape.Kinds[row - 1], thing, random);
                for (var y = 0; y < Side; y++)
                {
                    var target = sheet.Row(Gap + (row * (Side + Gap)) + y)[(Gap + (column * (Side + Gap)))..];
                    for (var x = 0; x < Side; x++)
                        target[x] = mark[x, y] ? (byte)255 : thing[x, y] ? Thing : Ground;
                }
            }
        }
        return sheet;
    }
}
