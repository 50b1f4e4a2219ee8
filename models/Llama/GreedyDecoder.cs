using static TorchSharp.torch;

namespace FlexEdit.Models.Llama;

/// <summary>Generates the most probable next token, again and again.</summary>
public static class GreedyDecoder
{
    /// <summary>Continues a batch of prompts.</summary>
    /// <param name="model">The language model.</param>
    /// <param name="prompts">Embeddings, [batch, length, width]; shorter prompts are padded on the left.</param>
    /// <param name="options">Limits.</param>
    /// <param name="attentionMask">[batch, tokens in the cache + length], 0 at paddings; null without paddings.</param>
    /// <param name="cache">Where to keep what was read, so that the caller can go on; it then holds everything except the last token of the answer. Null for one of its own.</param>
    /// <exception cref="ArgumentOutOfRangeException">No token may be generated.</exception>
    /// <exception cref="ArgumentException">A cache is given although the options forbid it, or the mask has another length.</exception>
    public static GeneratedAnswer Decode(
        LlamaForCausalLM model, Tensor prompts, GreedyOptions options, Tensor? attentionMask = null, KeyValueCache? cache = null) =>
        AnswerLoop.Run(model, prompts, options, scores => scores.argmax(-1), attentionMask, cache);
}
