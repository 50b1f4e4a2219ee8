using FlexEdit.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.Llama;

/// <summary>
/// A LLaMA language model under the names of the published <c>LlamaForCausalLM</c>.
/// It works in steps that a caller joins: <see cref="Embed"/>, <see cref="Forward(Tensor, Tensor?, KeyValueCache?)"/> and <see cref="Logits"/>,
/// so that embeddings can come from elsewhere and scores are computed only where they are wanted.
/// </summary>
public sealed class LlamaForCausalLM : nn.Module
{
    private readonly LlamaModel model;
    private readonly Linear? lm_head;

    /// <summary>Builds the network; its weights are random until they are loaded.</summary>
    /// <exception cref="NotSupportedException">The configuration's entries do not fit together.</exception>
    public LlamaForCausalLM(LlamaConfig config, Device? device = null, ScalarType? dtype = null)
        : base(nameof(LlamaForCausalLM))
    {
        config.Validate();
        Config = config;
        model = new LlamaModel(config, device, dtype);
        if (!config.TieWordEmbeddings)
            lm_head = nn.Linear(config.HiddenSize, config.VocabSize, hasBias: false, device: device, dtype: dtype);
        RegisterComponents();
    }

    /// <summary>Sizes of this network.</summary>
    public LlamaConfig Config { get; }

    /// <summary>Where the weights are.</summary>
    public Device Device => model.EmbeddingTable.device;

    /// <summary>The network's name for a checkpoint's tensor: null for what it does not hold by itself (a repeated embedding table, stored frequencies).</summary>
    public string? NameInNetwork(string nameInCheckpoint) =>
        (lm_head is null && nameInCheckpoint == "lm_head.weight") || nameInCheckpoint.EndsWith("rotary_emb.inv_freq", StringComparison.Ordinal)
            ? null
            : nameInCheckpoint;

    /// <summary>Looks up ids, int64 [batch, length], in the embedding table: [batch, length, width].</summary>
    public Tensor Embed(Tensor ids) => model.Embed(ids);

    /// <summary>The last layer's hidden states after the final norm, [batch, length, width].</summary>
    /// <param name="embeddings">[batch, length, width].</param>
    /// <param name="attentionMask">[batch, tokens in the cache + length], 0 at paddings (on the left), 1 elsewhere; null without paddings. Positions are counted from it.</param>
    /// <param name="cache">Tokens read before; gets the new ones. Needs no_grad.</param>
    /// <exception cref="ArgumentException">The mask has another length.</exception>
    public Tensor Forward(Tensor embeddings, Tensor? attentionMask = null, KeyValueCache? cache = null) =>
        model.Forward(embeddings, attentionMask, cache);

    /// <summary>Scores of the next token, [.., vocabulary], from hidden states [.., width].</summary>
    public Tensor Logits(Tensor states) =>
        lm_head is null ? nn.functional.linear(states, model.EmbeddingTable) : lm_head.call(states);

    /// <summary>Draws the weights anew for training from nothing.</summary>
    public void Initialize() => NormalInitialization.Apply(this, Config.InitializerRange);
}
