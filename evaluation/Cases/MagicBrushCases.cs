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
        var turns = Told(() => MagicBrushTurns.Read(folder));
        if (turns.Count == 0)
            throw new BenchmarkException($"{folder} has no turns.");
        var (local, whole) = (Descriptions(folder, "local_descriptions.json"), Descriptions(folder, "global_descriptions.json"));
        return new BenchmarkSet("MagicBrush", [.. turns.Select((turn, number) => Case(folder, turn, number, local, whole))]);
    }

    private static BenchmarkCase Case(string folder, MagicBrushTurn turn, int number, JsonElement? local, JsonElement? whole)
    {
        var read = new EvaluationCase
        {
            Id = Path.GetFileNameWithoutExtension(turn.Output),
            Kind = EvaluationCase.Single,
            Scene = turn.PathOf(folder, turn.Input),
            Instruction = turn.Instruction,
            Mask = new CaseMask { File = turn.PathOf(folder, turn.Mask) },
            Region = new CaseMask { File = turn.PathOf(folder, turn.Mask) },
            Expected = new CasePicture { File = turn.PathOf(folder, turn.Output) },
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

    private static JsonElement? Descriptions(string folder, string name) =>
        File.Exists(Path.Combine(folder, name)) ? Told(() => DatasetJson.Read(Path.Combine(folder, name))) : null;

    private static T Told<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (FormatException problem)
        {
            throw new BenchmarkException(problem.Message, problem);
        }
    }

    private static string? Describe(JsonElement? descriptions, MagicBrushTurn turn) =>
        descriptions is { } all && all.TryGetProperty(turn.Id, out var one) && one.TryGetProperty(turn.Output, out var text) ? text.GetString() : null;
}
