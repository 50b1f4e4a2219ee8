using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Editing;
using FlexEdit.Models.Tokenizers;
using FlexEdit.Training.Editor;
using FlexEdit.Training.World;
using static TorchSharp.torch;

namespace FlexEdit.Training.Understanding;

/// <summary>Training that goes on from a packed model: its weights, and the painting half's tokens, which no packed file holds.</summary>
internal static class WarmStart
{
    private const int FewestReadings = 3, MostReadings = 6000;

    /// <summary>Copies every weight of a packed model's reading half that the networks have in the same shape. Returns the names of those that it lacks.</summary>
    /// <exception cref="InvalidDataException">The model reads other words.</exception>
    public static IReadOnlyList<string> Weights(string model, UnderstandingNetworks networks, WordVocabulary words)
    {
        if (File.ReadAllText(Path.Combine(model, ModelFolder.Names.Tokenizer)).Trim() != words.ToJson().Trim())
            throw new InvalidDataException($"{model} was trained on other words than this world has. Train from nothing (without --from), or restore training/World/vocabulary.json as it was.");
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var packed = ModelFolder.Open(model).LoadUnderstandingNetworks();
        var known = packed.state_dict();
        List<string> lacking = [];
        foreach (var (name, target) in networks.state_dict())
        {
            if (known.TryGetValue(name, out var weight) && weight.shape.SequenceEqual(target.shape))
                target.copy_(weight);
            else
                lacking.Add(name);
        }
        return lacking;
    }

    /// <summary>
    /// Estimates the tokens that the painting half was trained on (<see cref="EditTeacher"/>) from what the packed Q-Former gives when it is told the right
    /// name: the mean over examples, for each id of each of the four tokens. Its errors go to many other ids and cancel. Writes <c>teacher.average.safetensors</c>.
    /// </summary>
    public static void Teacher(string model, string folder, WorldCatalog catalog)
    {
        using var noGrad = no_grad();
        var vocabulary = catalog.Vocabulary;
        using var reader = ModelFolder.Open(model).LoadUnderstanding();
        using var teacher = new EditTeacher(vocabulary, TinyEditor.Config.EmbeddingWidth);
        var tables = teacher.state_dict();
        string[] names = ["operations", "names", "newNames", "colours"];
        var sums = names.Select(n => new double[tables[n + ".weight"].shape[0], TinyEditor.Config.EmbeddingWidth]).ToArray();
        var counts = names.Select(n => new int[tables[n + ".weight"].shape[0]]).ToArray();
        var renderer = new EditRenderer(catalog, TinyEditor.Side, 43, EditMix.All, heldOut: false);
        var read = 0;
        for (; read < MostReadings && counts.Any(c => c.Min() < FewestReadings); read++)
        {
            var sample = renderer.Render(read);
            var ids = EditorBatch.Ids(sample, vocabulary);
            var embedding = reader.Understand(new UnderstandingRequest
            {
                Scene = sample.Scene,
                Mask = sample.Mask,
                Subject = sample.Subject,
                Instruction = sample.Instruction,
                Label = sample.Label,
            }).Embedding;
            for (var token = 0; token < EditTeacher.Tokens; token++)
            {
                counts[token][ids[token]]++;
                for (var i = 0; i < TinyEditor.Config.EmbeddingWidth; i++)
                    sums[token][ids[token], i] += embedding[(token * TinyEditor.Config.EmbeddingWidth) + i];
            }
        }
        for (var token = 0; token < EditTeacher.Tokens; token++)
            for (var id = 0; id < counts[token].Length; id++)
                if (counts[token][id] > 0)
                    tables[names[token] + ".weight"][id].copy_(tensor(Enumerable.Range(0, TinyEditor.Config.EmbeddingWidth).Select(i => (float)(sums[token][id, i] / counts[token][id])).ToArray()));
        StateDict.Save(teacher, Path.Combine(folder, "teacher.average.safetensors"));
        Console.WriteLine($"the painting half's tokens from {read} readings; {counts.Sum(c => c.Count(n => n == 0))} of {counts.Sum(c => c.Length)} ids were never asked for");
    }
}
