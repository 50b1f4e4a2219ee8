using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Editing;
using FlexEdit.Models.Tokenizers;
using FlexEdit.Training.Editor;
using TorchSharp;
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
    /// <param name="model">The model folder.</param>
    /// <param name="folder">Where the tokens go.</param>
    /// <param name="vocabulary">Of the world.</param>
    /// <param name="make">Makes the batch of a number.</param>
    public static void Teacher(string model, string folder, EditVocabulary vocabulary, Func<long, UnderstandingBatch> make)
    {
        using var noGrad = no_grad();
        using var reader = ModelFolder.Open(model).LoadUnderstandingNetworks();
        reader.Vllm.to(ScalarType.BFloat16);
        using var teacher = new EditTeacher(vocabulary, TinyEditor.Config.EmbeddingWidth);
        var tables = teacher.named_parameters().Select(p => p.parameter).ToArray();
        var sums = tables.Select(t => zeros_like(t)).ToArray();
        var counts = tables.Select(t => zeros(t.shape[0])).ToArray();
        long read = 0;
        for (var number = 0; read < MostReadings && counts.Any(c => c.min().item<float>() < FewestReadings); number++)
        {
            using var scope = NewDisposeScope();
            var made = make(number);
            var data = made.ToTensors();
            var states = reader.Vllm.LanguageModel.Forward(reader.Vllm.Embed(data.Ids, reader.Vllm.ImageFeatures(data.Pictures.to(ScalarType.BFloat16))));
            var tokens = reader.Config.ImageTokens;
            var given = reader.QFormer.Forward(stack([.. made.ImageStates.Select((end, row) => states[row].narrow(0, end - tokens, tokens))]).to(float32));
            foreach (var (token, (sum, count)) in sums.Zip(counts).Index())
            {
                var ids = data.Canonical.select(1, token);
                sum.index_add_(0, ids, given.select(1, token), 1);
                count.index_add_(0, ids, ones(ids.shape[0]), 1);
            }
            read += made.Samples.Count;
        }
        foreach (var (token, table) in tables.Index())
            table.copy_(where(counts[token].gt(0f).unsqueeze(1), sums[token] / counts[token].clamp_min(1f).unsqueeze(1), table));
        StateDict.Save(teacher, Path.Combine(folder, "teacher.average.safetensors"));
        Console.WriteLine($"the painting half's tokens from {read} readings; {counts.Sum(c => c.eq(0f).sum().item<long>())} of {counts.Sum(c => c.shape[0])} ids were never asked for");
    }
}
