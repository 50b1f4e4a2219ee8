using static TorchSharp.torch;

namespace FlexEdit.Models.Llama;

/// <summary>Draws the next token by its probability, again and again.</summary>
public static class SampledDecoder
{
    /// <inheritdoc cref="GreedyDecoder.Decode"/>
    /// <exception cref="ArgumentOutOfRangeException">No token may be generated, or the options leave nothing to draw from.</exception>
    public static GeneratedAnswer Decode(
        LlamaForCausalLM model, Tensor prompts, SamplingOptions options, Tensor? attentionMask = null, KeyValueCache? cache = null)
    {
        using var generator = new Generator((ulong)options.Seed, CPU);
        return AnswerLoop.Run(model, prompts, options, Choose, attentionMask, cache);

        // Drawn on the processor, so that every device gives the same answers for the same scores.
        Tensor Choose(Tensor scores) => multinomial(Probabilities(scores.cpu().squeeze(1), options), 1, generator: generator).to(scores.device);
    }

    /// <summary>What a token is drawn from.</summary>
    /// <param name="scores">[batch, vocabulary].</param>
    /// <param name="options">Temperature, top-k and top-p.</param>
    /// <returns>fp32 [batch, vocabulary]; each row's sum is one, and what is cut off has zero.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The options leave nothing to draw from.</exception>
    public static Tensor Probabilities(Tensor scores, SamplingOptions options)
    {
        if (!(options.Temperature > 0) || options.TopK < 0 || !(options.TopP > 0))
            throw new ArgumentOutOfRangeException(nameof(options), $"Temperature ({options.Temperature}) and top-p ({options.TopP}) must be above 0, top-k ({options.TopK}) not below.");
        using var scope = NewDisposeScope();
        var scaled = scores.to(ScalarType.Float32) / options.Temperature;
        var vocabulary = scaled.shape[^1];
        if (options.TopK > 0 && options.TopK < vocabulary)
        {
            var last = scaled.topk(options.TopK, -1).values.narrow(-1, options.TopK - 1, 1);
            scaled = scaled.masked_fill(scaled < last, float.NegativeInfinity);
        }
        var probabilities = scaled.softmax(-1);
        if (options.TopP < 1)
        {
            var (sorted, order) = probabilities.sort(-1, descending: true);
            // A token stays while those before it have not reached the share yet; the first one always does.
            var stays = (sorted.cumsum(-1) - sorted) < options.TopP;
            probabilities = zeros_like(probabilities).scatter(-1, order, sorted * stays.to(ScalarType.Float32));
            probabilities = probabilities / probabilities.sum(-1, keepdim: true);
        }
        return probabilities.MoveToOuterDisposeScope();
    }
}
