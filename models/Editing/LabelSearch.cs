using FlexEdit.Models.Llama;
using static TorchSharp.torch;

namespace FlexEdit.Models.Editing;

/// <summary>
/// The most probable labels: each of the likeliest first words, continued word by word to the closing quote.
/// A label's probability is the product of its words' (scores divided by a temperature for calibration).
/// </summary>
/// <param name="model">The language model, whose own probabilities these are.</param>
/// <param name="prompt">Says what ends a label and how long one may be.</param>
/// <param name="temperature">1 leaves the scores as they are.</param>
internal sealed class LabelSearch(LlamaForCausalLM model, IEditPrompt prompt, double temperature)
{
    private const int Breadth = 5;

    // What ends a label is left in: it is found, and ends it.
    private readonly long[] noText = [.. Enumerable.Range(0, model.Config.VocabSize).Select(id => (long)id).Where(id => !prompt.IsText(id) && !prompt.LabelEnds.Contains(id))];

    /// <summary>The candidates, best first, without repetitions.</summary>
    /// <param name="state">Hidden state behind the opening quote, [1, 1, width].</param>
    /// <param name="cache">Everything up to there; it is left as it was.</param>
    public IReadOnlyList<(IReadOnlyList<long> Ids, double Probability)> Find(Tensor state, KeyValueCache cache)
    {
        using var scope = NewDisposeScope();
        var start = cache.Length;
        var (values, ids) = Probabilities(state).topk(Math.Min(Breadth + prompt.LabelEnds.Count, model.Config.VocabSize));
        var first = ids.cpu().data<long>().ToArray().Zip(values.cpu().data<float>().ToArray()).Where(c => !prompt.LabelEnds.Contains(c.First)).Take(Breadth);
        var found = new List<(IReadOnlyList<long> Ids, double Probability)>();
        foreach (var (id, probability) in first)
        {
            found.Add(Continue(id, probability, cache));
            cache.Truncate(start);
        }
        return [.. found.OrderByDescending(f => f.Probability)];
    }

    private (IReadOnlyList<long> Ids, double Probability) Continue(long first, double probability, KeyValueCache cache)
    {
        var label = new List<long> { first };
        while (true)
        {
            using var scope = NewDisposeScope();
            var next = Probabilities(model.Forward(model.Embed(tensor([label[^1]], [1, 1], device: model.Device)), cache: cache));
            var id = next.argmax().item<long>();
            probability *= next[id].item<float>();
            if (prompt.LabelEnds.Contains(id) || label.Count == prompt.LongestLabel)
                return (label, probability);
            label.Add(id);
        }
    }

    private Tensor Probabilities(Tensor state)
    {
        var all = (model.Logits(state).to(float32).reshape(-1) / temperature).softmax(0);
        return noText.Length == 0 ? all : all.index_fill_(0, tensor(noText, device: all.device), 0);
    }
}
