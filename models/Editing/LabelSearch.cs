using FlexEdit.Models.Llama;
using static TorchSharp.torch;

namespace FlexEdit.Models.Editing;

/// <summary>
/// The most probable labels: each of the likeliest first words, continued word by word to the closing quote.
/// A label's probability is the product of its words' (scores divided by a temperature for calibration).
/// </summary>
internal sealed class LabelSearch(LlamaForCausalLM model, long quote, double temperature)
{
    private const int Breadth = 5;
    private const int LongestLabel = 6;

    /// <summary>The candidates, best first, without repetitions.</summary>
    /// <param name="state">Hidden state behind the opening quote, [1, 1, width].</param>
    /// <param name="cache">Everything up to there; it is left as it was.</param>
    public IReadOnlyList<(IReadOnlyList<long> Ids, double Probability)> Find(Tensor state, KeyValueCache cache)
    {
        using var scope = NewDisposeScope();
        var start = cache.Length;
        var (values, ids) = Probabilities(state).topk(Breadth + 1);
        var first = ids.cpu().data<long>().ToArray().Zip(values.cpu().data<float>().ToArray()).Where(c => c.First != quote).Take(Breadth);
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
            if (id == quote || label.Count == LongestLabel)
                return (label, probability);
            label.Add(id);
        }
    }

    private Tensor Probabilities(Tensor state) => (model.Logits(state).to(float32).reshape(-1) / temperature).softmax(0);
}
