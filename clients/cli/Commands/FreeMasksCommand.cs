using System.CommandLine;
using System.Text.Json;
using FlexEdit.Cli.Showing;
using FlexEdit.Evaluation.Datasets;
using FlexEdit.Imaging;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;
using FlexEdit.Masks.FreeShapes;
using Spectre.Console;

namespace FlexEdit.Cli.Commands;

/// <summary><c>flexedit masks free</c>: free-shape masks for the objects of a data set; needs no server.</summary>
public static class FreeMasksCommand
{
    private const string Walk = "walk";
    private static readonly JsonSerializerOptions s_line = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>The command.</summary>
    public static Command Create(Terminal terminal)
    {
        var coco = new Option<string?>("--coco") { Description = "COCO's file of instances (polygons, run lengths of both kinds)", HelpName = "FILE" };
        var references = new Option<string?>("--refs") { Description = "With --coco: references of RefCOCO or gRefCOCO, as JSON", HelpName = "FILE" };
        var split = new Option<string?>("--split") { Description = "With --refs: only this split", HelpName = "NAME" };
        var folder = new Option<string?>("--folder") { Description = "Instead of --coco: a folder of masks, one picture each", HelpName = "DIR" };
        var kinds = new Option<string>("--kinds") { Description = "walk and kinds such as circle,hollow_irregular, or all", HelpName = "LIST", DefaultValueFactory = _ => Walk };
        var each = new Option<int>("--each") { Description = "Masks of each kind for each object (1)", HelpName = "N", DefaultValueFactory = _ => 1 };
        var limit = new Option<int>("--limit") { Description = "Only the first objects", HelpName = "N", DefaultValueFactory = _ => int.MaxValue };
        var seed = new Option<ulong>("--seed") { Description = "Of all chance (0)", HelpName = "SEED" };
        var output = new Option<string>("--output", "-o") { Description = "Folder for the PNG files and masks.jsonl", HelpName = "DIR", Required = true };
        var command = new Command("free", "Draw free-shape masks for the objects of a data set") { coco, references, split, folder, kinds, each, limit, seed, output };
        kinds.Validators.Add(result =>
        {
            foreach (var name in Names(result.GetValueOrDefault<string>()))
            {
                if (name != Walk && !TryKind(name, out _))
                    result.AddError($"--kinds knows walk, all, {string.Join(", ", DrawnShape.Kinds.Select(NameOf))}; not '{name}'.");
            }
        });
        command.Validators.Add(result =>
        {
            if ((result.GetResult(coco) is null) == (result.GetResult(folder) is null))
                result.AddError("Give either --coco or --folder.");
            if (result.GetResult(references) is not null && result.GetResult(coco) is null)
                result.AddError("--refs needs --coco with the instances that they refer to.");
        });
        command.SetGuardedAction(terminal, async (parsed, cancellationToken) =>
        {
            var objects = parsed.GetValue(folder) is { } masks ? MaskFolder.Read(masks)
                : parsed.GetValue(references) is { } refs ? ReferringExpressions.Read(refs, CocoFile.Read(parsed.GetValue(coco)!), parsed.GetValue(split))
                : CocoFile.Read(parsed.GetValue(coco)!).Objects();
            var target = parsed.GetRequiredValue(output);
            Directory.CreateDirectory(target);
            await using var list = new StreamWriter(Path.Combine(target, "masks.jsonl"));
            var written = 0;
            foreach (var thing in objects.Take(parsed.GetValue(limit)))
            {
                foreach (var name in Names(parsed.GetRequiredValue(kinds)))
                {
                    for (var i = 0; i < parsed.GetValue(each); i++)
                    {
                        cancellationToken.ThrowIfCancellationRequested();
                        var mask = Draw(name, thing.Mask, new SeededRandom(parsed.GetValue(seed), (ulong)written));
                        var file = $"{thing.Id}-{name}-{i}.png";
                        await File.WriteAllBytesAsync(Path.Combine(target, file), PictureEncoder.Png(GrayImage.Of(mask)), cancellationToken);
                        await list.WriteLineAsync(JsonSerializer.Serialize(
                            new
                            {
                                thing.Id,
                                thing.Picture,
                                thing.Label,
                                thing.Expression,
                                Kind = name,
                                Mask = file,
                                Coverage = Math.Round((double)mask.Intersect(thing.Mask).Count / thing.Mask.Count, 4),
                                Iou = Math.Round(mask.IntersectionOverUnion(thing.Mask), 4),
                            },
                            s_line).AsMemory(), cancellationToken);
                        written++;
                    }
                }
            }
            terminal.Out.WriteLine(Wording.Invariant($"{target}: {written} masks, listed in masks.jsonl"));
            return written > 0 ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static Mask Draw(string name, Mask thing, SeededRandom random) =>
        TryKind(name, out var kind) ? DrawnShape.Draw(kind, thing, random) : RandomWalk.Draw(thing, random);

    private static string[] Names(string kinds) =>
        kinds == "all" ? [Walk, .. DrawnShape.Kinds.Select(NameOf)] : kinds.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static string NameOf(FreeShapeKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());

    private static bool TryKind(string name, out FreeShapeKind kind)
    {
        kind = DrawnShape.Kinds.FirstOrDefault(k => NameOf(k) == name);
        return NameOf(kind) == name;
    }
}
