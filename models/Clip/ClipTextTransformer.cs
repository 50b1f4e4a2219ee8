using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.Clip;

/// <summary>Tokens and learned positions of a CLIP text encoder (<c>embeddings</c>).</summary>
public sealed class ClipTextEmbeddings : nn.Module
{
    private readonly Embedding token_embedding;
    private readonly Embedding position_embedding;

    internal ClipTextEmbeddings(ClipTextConfig config, Device? device, ScalarType? dtype)
        : base(nameof(ClipTextEmbeddings))
    {
        token_embedding = nn.Embedding(config.VocabSize, config.HiddenSize, device: device, dtype: dtype);
        position_embedding = nn.Embedding(config.MaxPositionEmbeddings, config.HiddenSize, device: device, dtype: dtype);
        RegisterComponents();
    }

    /// <summary>int64 [batch, length] to [batch, length, width].</summary>
    /// <exception cref="ArgumentException">The text is longer than the encoder reads.</exception>
    public Tensor Forward(Tensor ids)
    {
        var positions = position_embedding.weight!;
        if (ids.shape[1] > positions.shape[0])
            throw new ArgumentException($"The text has {ids.shape[1]} tokens; the encoder reads {positions.shape[0]}.", nameof(ids));
        return token_embedding.call(ids) + positions.narrow(0, 0, ids.shape[1]);
    }
}

/// <summary>A causal CLIP text encoder without its projection (<c>text_model</c>; Radford et al. 2021, section 2.4).</summary>
public sealed class ClipTextTransformer : nn.Module
{
    private readonly ClipTextEmbeddings embeddings;
    private readonly ClipEncoder encoder;
    private readonly LayerNorm final_layer_norm;
    private readonly ClipTextConfig _config;

    internal ClipTextTransformer(ClipTextConfig config, Device? device, ScalarType? dtype)
        : base(nameof(ClipTextTransformer))
    {
        _config = config;
        embeddings = new ClipTextEmbeddings(config, device, dtype);
        encoder = new ClipEncoder(
            new ClipLayerSizes(config.HiddenSize, config.IntermediateSize, config.NumHiddenLayers, config.NumAttentionHeads, config.HiddenAct, config.LayerNormEps), device, dtype);
        final_layer_norm = nn.LayerNorm(config.HiddenSize, config.LayerNormEps, device: device, dtype: dtype);
        RegisterComponents();
    }

    /// <summary>
    /// One hidden state, [batch, length, width], numbered as in <see cref="ClipEncoder.LayersFor"/>; none of them has passed the final norm.
    /// Layers behind the one asked for are not computed.
    /// </summary>
    /// <param name="ids">int64 [batch, length].</param>
    /// <param name="hiddenState">Its number.</param>
    /// <param name="attentionMask">[batch, length], 0 at paddings (on the right); null for none, as Stable Diffusion has it.</param>
    public Tensor HiddenState(Tensor ids, int hiddenState, Tensor? attentionMask = null)
    {
        using var scope = NewDisposeScope();
        var mask = attentionMask is null ? null : Mask(attentionMask);
        return encoder.Forward(embeddings.Forward(ids), encoder.LayersFor(hiddenState), mask, causal: mask is null).MoveToOuterDisposeScope();
    }

    /// <summary>The last hidden state after the final norm, [batch, length, width].</summary>
    public Tensor Forward(Tensor ids, Tensor? attentionMask = null)
    {
        using var scope = NewDisposeScope();
        return final_layer_norm.call(HiddenState(ids, _config.NumHiddenLayers, attentionMask)).MoveToOuterDisposeScope();
    }

    /// <summary>The state at the end of each text, [batch, width], from the states of <see cref="Forward"/>; see <see cref="ClipTextConfig.EosTokenId"/>.</summary>
    public Tensor Pool(Tensor ids, Tensor states)
    {
        using var scope = NewDisposeScope();
        var ends = _config.EosTokenId == ClipTextConfig.OldEndId
            ? ids.argmax(-1)
            : (ids == _config.EosTokenId).to(ScalarType.Int32).argmax(-1);
        var index = ends.view(-1, 1, 1).expand(-1, 1, states.shape[2]);
        return states.gather(1, index).squeeze(1).MoveToOuterDisposeScope();
    }

    private static Tensor Mask(Tensor attentionMask)
    {
        var length = attentionMask.shape[1];
        var causal = ones(length, length, ScalarType.Bool, attentionMask.device).tril();
        return causal & attentionMask.to(ScalarType.Bool).unsqueeze(1).unsqueeze(1);
    }
}
