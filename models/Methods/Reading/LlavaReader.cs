using FlexEdit.Models.Llama;
using FlexEdit.Models.Llava;
using FlexEdit.Models.QFormer;
using static TorchSharp.torch;

namespace FlexEdit.Models.Methods.Reading;

/// <summary>LLaVA and the Q-Former behind it: from pictures and a prompt to the states of the image tokens, and from those to the edit embedding e (FlexEdit eq. 1; SmartEdit, section 3.1).</summary>
/// <param name="vllm">Loaded; belongs to this reader from now on, as does the next.</param>
/// <param name="qformer">With its learned queries.</param>
/// <param name="side">Side of the crops in pixels.</param>
public sealed class LlavaReader(LlavaForConditionalGeneration vllm, QueryTransformer qformer, int side) : IDisposable
{
    /// <summary>The language model.</summary>
    public LlamaForCausalLM LanguageModel => vllm.LanguageModel;

    /// <summary>Side of the crops in pixels.</summary>
    public int Side => side;

    /// <summary>Reads a prompt with its pictures.</summary>
    /// <param name="ids">One image token (<see cref="LlavaConfig.ImageTokenIndex"/>) a picture, not repeated.</param>
    /// <param name="pictures">side·side·3 bytes RGB each.</param>
    /// <param name="cache">Gets the prompt.</param>
    /// <returns>The state of the prompt's last token, [1, 1, width].</returns>
    public Tensor Read(IEnumerable<long> ids, IReadOnlyList<byte[]> pictures, KeyValueCache cache)
    {
        using var scope = NewDisposeScope();
        var features = vllm.ImageFeatures(ClipPictures.Ready(pictures, side, vllm.Config.VisionConfig, ClipPictures.WeightOf(vllm)));
        var expanded = vllm.ExpandImageTokens(ids).ToArray();
        var states = LanguageModel.Forward(vllm.Embed(tensor(expanded, [1, expanded.Length], device: LanguageModel.Device), features), cache: cache);
        return states.narrow(1, states.shape[1] - 1, 1).clone().MoveToOuterDisposeScope();
    }

    /// <summary>Reads the rest of an answer, which ends with the image tokens, and makes the edit embedding of their states.</summary>
    /// <param name="rest">Ids.</param>
    /// <param name="imageTokens">How many of the last are image tokens.</param>
    /// <param name="cache">What was read before.</param>
    /// <returns>e row by row, and its tokens and width.</returns>
    public (float[] Embedding, (int Tokens, int Width) Shape) Finish(IReadOnlyList<long> rest, int imageTokens, KeyValueCache cache)
    {
        using var scope = NewDisposeScope();
        var states = AppendedTokens.States(LanguageModel, null, rest, [.. Enumerable.Range(rest.Count - imageTokens, imageTokens)], cache: cache);
        var weight = ClipPictures.WeightOf(qformer);
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
