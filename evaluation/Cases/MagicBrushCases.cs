using System.Text.Json;
using FlexEdit.Evaluation.Datasets;
using FlexEdit.Imaging;
using FlexEdit.Imaging.Decoding;
using FlexEdit.Masks;
using FlexEdit.Masks.FreeShapes;

namespace FlexEdit.Evaluation.Cases;

/// <summary>
/// MagicBrush's dev or test set as it is distributed: <c>edit_turns.json</c> (or <c>edit_sessions.json</c>) and <c>images/ID/…png</c>, with
/// <c>local_descriptions.json</c> or <c>global_descriptions.json</c> for CLIP-T where they are there. Every turn is a single case; its input is the true picture before it.
/// </summary>
public static class MagicBrushCases
{
    private const ulong Seed = 2306;

    /// <summary>Reads the turns.</summary>
    /// <exception cref="BenchmarkException">The folder is not laid out like that.</exception>
    public static BenchmarkSet Read(string folder)
    {
        var turns = Turns(folder).ToArray();
        if (turns.Length == 0)
            throw new BenchmarkException($"{folder} has no turns.");
        var (local, whole) = (Descriptions(folder, "local_descriptions.json"), Descriptions(folder, "global_descriptions.json"));
        return new BenchmarkSet("MagicBrush", [.. turns.Select((turn, number) => Case(folder, turn, number, local, whole))]);
    }

    private static BenchmarkCase Case(string folder, Turn turn, int number, JsonElement? local, JsonElement? whole)
    {
        var images = Path.Combine(folder, "images", turn.Id);
        var read = new EvaluationCase
        {
            Id = Path.GetFileNameWithoutExtension(turn.Output),
            Kind = EvaluationCase.Single,
            Scene = Path.Combine(images, turn.Input),
            Instruction = turn.Instruction,
            Mask = new CaseMask { File = Path.Combine(images, turn.Mask) },
            Region = new CaseMask { File = Path.Combine(images, turn.Mask) },
            Expected = new CasePicture { File = Path.Combine(images, turn.Output) },
            Label = Describe(local, turn) ?? Describe(whole, turn),
            Seed = (uint)number,
        };
        return new BenchmarkCase(read, () => Open(read, number));
    }

    private static CasePictures Open(EvaluationCase read, int number)
    {
        try
        {
            var file = File.ReadAllBytes(read.Scene);
            var scene = PictureDecoder.Decode(file).Pixels.Over(255, 255, 255);
            // The mask file is the picture with a transparent hole, and may have another size, as may the picture after the edit.
            var region = MaskFolder.ReadMask(read.Region.File!).Resize(scene.Width, scene.Height);
            if (region.IsEmpty)
                throw new BenchmarkException($"Case {read.Id}: {read.Region.File} has no transparent pixel.");
            var after = PictureDecoder.DecodeFile(read.Expected.File).Pixels.Over(255, 255, 255);
            return new CasePictures
            {
                Scene = scene,
                SceneFile = file,
                Free = RandomWalk.Draw(region, new SeededRandom(Seed, (ulong)number)),
                Full = region,
                HasObject = false,
                Region = region,
                Expected = PictureResize.To(after, scene.Width, scene.Height),
            };
        }
        catch (Exception problem) when (problem is PictureException or IOException)
        {
            throw new BenchmarkException($"Case {read.Id} cannot be opened: {problem.Message}", problem);
        }
    }

    private static IEnumerable<Turn> Turns(string folder)
    {
        var path = new[] { "edit_turns.json", "edit_sessions.json" }.Select(f => Path.Combine(folder, f)).FirstOrDefault(File.Exists)
            ?? throw new BenchmarkException($"{folder} is no MagicBrush set: it has neither edit_turns.json nor edit_sessions.json.");
        using var document = Parse(path);
        var root = document.RootElement;
        var turns = root.ValueKind == JsonValueKind.Object ? root.EnumerateObject().SelectMany(s => s.Value.EnumerateArray()) : root.EnumerateArray();
        foreach (var turn in turns)
        {
            string Field(string name) => turn.TryGetProperty(name, out var value) && value.GetString() is { Length: > 0 } text
                ? text : throw new BenchmarkException($"{path}: a turn has no '{name}'.");
            var input = Field("input");
            yield return new Turn(input.Split('-')[0], input, Field("mask"), Field("output"), Field("instruction"));
        }
    }

    private static JsonElement? Descriptions(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        if (!File.Exists(path))
            return null;
        using var document = Parse(path);
        return document.RootElement.Clone();
    }

    private static string? Describe(JsonElement? descriptions, Turn turn) =>
        descriptions is { } all && all.TryGetProperty(turn.Id, out var one) && one.TryGetProperty(turn.Output, out var text) ? text.GetString() : null;

    private static JsonDocument Parse(string path)
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllBytes(path));
        }
        catch (JsonException problem)
        {
            throw new BenchmarkException($"{path} is no JSON: {problem.Message}", problem);
        }
    }

    private sealed record Turn(string Id, string Input, string Mask, string Output, string Instruction);
}
