using FlexEdit.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.QFormer;

/// <summary>
/// The Q-Former of BLIP-2 (Li et al. 2023, section 3.1) without its text branch, under the names of the published <c>Blip2QFormerModel</c>:
/// queries look at each other and, in every n-th layer, at an encoder's states.
/// </summary>
public sealed class QFormerModel : nn.Module
{
    private readonly LayerNorm layernorm;
    private readonly QFormerEncoder encoder;

    /// <summary>Builds the network; its weights are random until they are loaded.</summary>
    /// <exception cref="ArgumentException">The configuration's entries do not fit together.</exception>
    public QFormerModel(QFormerConfig config, Device? device = null, ScalarType? dtype = null)
        : base(nameof(QFormerModel))
    {
        if (config.CrossAttentionFrequency < 1)
            throw new ArgumentException($"cross_attention_frequency is {config.CrossAttentionFrequency}; it must be at least 1.", nameof(config));
        if (config.HiddenSize % config.NumAttentionHeads != 0)
            throw new ArgumentException($"num_attention_heads is {config.NumAttentionHeads}; it must divide hidden_size ({config.HiddenSize}).", nameof(config));
        Config = config;
        layernorm = nn.LayerNorm(config.HiddenSize, config.LayerNormEps, device: device, dtype: dtype);
        encoder = new QFormerEncoder(config, device, dtype);
        RegisterComponents();
    }

    /// <summary>Sizes of this network.</summary>
    public QFormerConfig Config { get; }

    /// <summary>
    /// The network's name for a checkpoint's tensor, whether the file follows the published layout or the original code's
    /// (<c>embeddings.LayerNorm</c>, <c>attention.self</c>). Null for the position numbers that the latter stores.
    /// </summary>
    public static string? NameInNetwork(string nameInCheckpoint) =>
        nameInCheckpoint == "embeddings.position_ids"
            ? null
            : nameInCheckpoint
                .Replace("embeddings.LayerNorm.", "layernorm.", StringComparison.Ordinal)
                .Replace("attention.self.", "attention.attention.", StringComparison.Ordinal);

    /// <summary>Asks an encoder's states.</summary>
    /// <param name="queries">[batch or 1, queries, width].</param>
    /// <param name="encoderStates">[batch, keys, encoder width].</param>
    /// <param name="encoderMask">[batch, keys], 0 where a state does not count; null where all do.</param>
    /// <returns>[batch, queries, width].</returns>
    public Tensor Forward(Tensor queries, Tensor encoderStates, Tensor? encoderMask = null)
    {
        using var scope = NewDisposeScope();
        var normed = nn.functional.dropout(layernorm.call(queries), Config.HiddenDropoutProb, training);
        var mask = encoderMask?.to(ScalarType.Bool).unsqueeze(1).unsqueeze(1);
        return encoder.Forward(normed.expand(encoderStates.shape[0], -1, -1), encoderStates, mask).MoveToOuterDisposeScope();
    }

    /// <summary>Draws the weights anew for training from nothing.</summary>
    public void Initialize() => NormalInitialization.Apply(this, Config.InitializerRange);
}
