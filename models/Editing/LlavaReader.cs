using FlexEdit.Models.Llama;
using FlexEdit.Models.Llava;
using FlexEdit.Models.QFormer;
using static TorchSharp.torch;

namespace FlexEdit.Models.Editing;

/// <summary>LLaVA and the Q-Former behind it: from pictures and a prompt to the states of the image tokens, and from those to the edit embedding e (FlexEdit eq. 1; SmartEdit, section 3.1).</summary>
/// <param name="vllm">Loaded; belongs to this reader from now on, as does the next.</param>
/// <param name="qformer">With its learned queries.</param>
/// <param name="side">Side of the crops in pixels.</param>
/// <param name="prepare">Makes crops, side·side·3 bytes RGB each, ready for the image encoder: [pictures, 3, its side, its side].</param>
public sealed class LlavaReader(LlavaForConditionalGeneration vllm, QueryTransformer qformer, int side, Func<IReadOnlyList<byte[]>, Tensor> prepare) : IDisposable
{
    /// <summary>The language model.</summary>
    public LlamaForCausalLM LanguageModel => vllm.LanguageModel;

    /// <summary>Side of the crops in pixels.</summary>
    public int Side => side;

    /// <summary>Shows pictures to the image encoder.</summary>
    /// <param name="crops">side·side·3 bytes RGB each.</param>
    /// <returns>The pictures as the encoder got them, and their features as the language model reads them, [pictures, tokens, width].</returns>
    public (Tensor Pictures, Tensor Features) Look(IReadOnlyList<byte[]> crops)
    {
        var pictures = prepare(crops);
        return (pictures, vllm.ImageFeatures(pictures));
    }

    /// <summary>Reads a prompt with its pictures.</summary>
    /// <param name="ids">The image token (<see cref="LlavaConfig.ImageTokenIndex"/>) repeated for every feature of a picture.</param>
    /// <param name="features">From <see cref="Look"/>.</param>
    /// <param name="cache">Gets the prompt.</param>
    /// <returns>The state of the prompt's last token, [1, 1, width].</returns>
    public Tensor Read(IEnumerable<long> ids, Tensor features, KeyValueCache cache)
    {
        using var scope = NewDisposeScope();
        var prompt = ids.ToArray();
        var states = LanguageModel.Forward(vllm.Embed(tensor(prompt, [1, prompt.Length], device: LanguageModel.Device), features), cache: cache);
        return states.narrow(1, states.shape[1] - 1, 1).clone().MoveToOuterDisposeScope();
    }

    /// <summary>Reads the rest of an answer, which ends with the image tokens.</summary>
    /// <param name="rest">Ids.</param>
    /// <param name="imageTokens">How many of the last are image tokens.</param>
    /// <param name="cache">What was read before.</param>
    /// <returns>The image tokens' states, [1, image tokens, width].</returns>
    public Tensor Append(IReadOnlyList<long> rest, int imageTokens, KeyValueCache cache) =>
        AppendedTokens.States(LanguageModel, null, rest, [.. Enumerable.Range(rest.Count - imageTokens, imageTokens)], cache: cache);

    /// <summary>Makes the edit embedding of the image tokens' states.</summary>
    /// <param name="states">From <see cref="Append"/>.</param>
    /// <returns>e row by row, and its tokens and width.</returns>
    public (float[] Embedding, (int Tokens, int Width) Shape) Embed(Tensor states)
    {
        using var scope = NewDisposeScope();
        var weight = qformer.parameters().First();
        var embedding = qformer.Forward(states.to(weight.dtype, weight.device)).to(ScalarType.Float32).cpu();
        return (embedding.contiguous().data<float>().ToArray(), ((int)embedding.shape[1], (int)embedding.shape[2]));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        vllm.Dispose();
        qformer.Dispose();
    }
}
