using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.Llama;

/// <summary>Embeddings, layers and final norm of LLaMA (<c>model</c>), without the output projection.</summary>
internal sealed class LlamaModel : nn.Module
{
    private readonly Embedding embed_tokens;
    private readonly ModuleList<LlamaLayer> layers;
    private readonly RmsNorm norm;
    private readonly LlamaConfig _config;

    public LlamaModel(LlamaConfig config, Device? device, ScalarType? dtype)
        : base(nameof(LlamaModel))
    {
        _config = config;
        embed_tokens = nn.Embedding(config.VocabSize, config.HiddenSize, device: device, dtype: dtype);
        layers = nn.ModuleList(Enumerable.Range(0, config.NumHiddenLayers).Select(i => new LlamaLayer(config, i, device, dtype)).ToArray());
        norm = new RmsNorm(config.HiddenSize, config.RmsNormEps, device, dtype);
        RegisterComponents();
    }

    public Tensor EmbeddingTable => embed_tokens.weight!;

    public Tensor Embed(Tensor ids) => embed_tokens.call(ids);

    public Tensor Forward(Tensor embeddings, Tensor? attentionMask, KeyValueCache? cache)
    {
        using var scope = NewDisposeScope();
        var past = cache?.Length ?? 0;
        var count = embeddings.shape[1];
        if (attentionMask is not null && attentionMask.shape[^1] != past + count)
        {
            throw new ArgumentException(
                $"The attention mask covers {attentionMask.shape[^1]} tokens; {past} are in the cache and {count} are new.", nameof(attentionMask));
        }
        var mask = CausalMask.For(attentionMask, past, count, embeddings.device);
        var positions = RotaryPositions.At(
            CausalMask.Positions(attentionMask, past, count, embeddings.device), _config.HeadWidth(), _config.RopeTheta, embeddings.dtype);
        var states = embeddings;
        foreach (var layer in layers)
            states = layer.Forward(states, positions, mask, cache);
        cache?.Advance(count);
        return norm.Forward(states).MoveToOuterDisposeScope();
    }
}
