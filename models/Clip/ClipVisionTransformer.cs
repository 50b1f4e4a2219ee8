using FlexEdit.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.Clip;

/// <summary>Patches, class token and learned positions of a CLIP image encoder (<c>embeddings</c>).</summary>
public sealed class ClipVisionEmbeddings : nn.Module
{
    private readonly Parameter class_embedding;
    private readonly SquareConv2d patch_embedding;
    private readonly Embedding position_embedding;
    private readonly ClipVisionStem? stem;
    private readonly ClipVisionConfig _config;

    internal ClipVisionEmbeddings(ClipVisionConfig config, Device? device, ScalarType? dtype)
        : base(nameof(ClipVisionEmbeddings))
    {
        _config = config;
        class_embedding = NormalInitialization.Parameter([config.HiddenSize], config.InitializerRange, device, dtype);
        patch_embedding = new SquareConv2d(
            config.NumChannels, config.HiddenSize, config.PatchSize, stride: config.PatchSize, bias: false, device: device, dtype: dtype);
        if (config.StemChannels is { Count: > 0 })
            stem = new ClipVisionStem(config, device, dtype);
        position_embedding = nn.Embedding(config.Patches() + 1, config.HiddenSize, device: device, dtype: dtype);
        RegisterComponents();
    }

    /// <summary>[batch, channels, side, side] to [batch, 1 + patches, width], the class token first, patches row by row.</summary>
    /// <exception cref="ArgumentException">The picture has another size or number of channels.</exception>
    public Tensor Forward(Tensor pixels)
    {
        if (pixels.dim() != 4 || pixels.shape[1] != _config.NumChannels || pixels.shape[2] != _config.ImageSize || pixels.shape[3] != _config.ImageSize)
        {
            throw new ArgumentException(
                $"The encoder reads [batch, {_config.NumChannels}, {_config.ImageSize}, {_config.ImageSize}]; the pictures are [{string.Join(", ", pixels.shape)}].", nameof(pixels));
        }
        using var scope = NewDisposeScope();
        var grid = patch_embedding.call(pixels);
        if (stem is not null)
            grid = grid + stem.Forward(pixels);
        var patches = grid.flatten(2).transpose(1, 2);
        var first = class_embedding.expand(pixels.shape[0], 1, -1);
        return (cat([first, patches], 1) + position_embedding.weight!).MoveToOuterDisposeScope();
    }

    /// <summary>Makes the convolutions beside the patch embedding, if there are any, add nothing.</summary>
    internal void ClearStem() => stem?.ClearProjection();
}

/// <summary>A CLIP image encoder without its projection (<c>vision_model</c>; Radford et al. 2021, after Dosovitskiy et al. 2021).</summary>
public sealed class ClipVisionTransformer : nn.Module
{
    private readonly ClipVisionEmbeddings embeddings;
    private readonly LayerNorm pre_layrnorm;
    private readonly ClipEncoder encoder;
    private readonly LayerNorm post_layernorm;
    private readonly int _layers;

    internal ClipVisionTransformer(ClipVisionConfig config, Device? device, ScalarType? dtype)
        : base(nameof(ClipVisionTransformer))
    {
        _layers = config.NumHiddenLayers;
        embeddings = new ClipVisionEmbeddings(config, device, dtype);
        pre_layrnorm = nn.LayerNorm(config.HiddenSize, config.LayerNormEps, device: device, dtype: dtype);
        encoder = new ClipEncoder(
            new ClipLayerSizes(config.HiddenSize, config.IntermediateSize, config.NumHiddenLayers, config.NumAttentionHeads, config.HiddenAct, config.LayerNormEps), device, dtype);
        post_layernorm = nn.LayerNorm(config.HiddenSize, config.LayerNormEps, device: device, dtype: dtype);
        RegisterComponents();
    }

    /// <summary>
    /// One hidden state, [batch, 1 + patches, width], numbered as in <see cref="ClipEncoder.LayersFor"/>. None of them has passed the final norm.
    /// Layers behind the one asked for are not computed.
    /// </summary>
    public Tensor HiddenState(Tensor pixels, int hiddenState)
    {
        using var scope = NewDisposeScope();
        var embedded = pre_layrnorm.call(embeddings.Forward(pixels));
        return encoder.Forward(embedded, encoder.LayersFor(hiddenState)).MoveToOuterDisposeScope();
    }

    /// <summary>The last hidden state, without the final norm, and the pooled output.</summary>
    public ClipVisionOutput Forward(Tensor pixels)
    {
        var last = HiddenState(pixels, _layers);
        return new ClipVisionOutput(last, Pool(last));
    }

    /// <inheritdoc cref="ClipVisionEmbeddings.ClearStem"/>
    internal void ClearStem() => embeddings.ClearStem();

    /// <summary>The class token of the last hidden state through the final norm: [batch, width].</summary>
    public Tensor Pool(Tensor lastHiddenState)
    {
        using var scope = NewDisposeScope();
        return post_layernorm.call(lastHiddenState[.., 0]).MoveToOuterDisposeScope();
    }
}

/// <summary>What a CLIP image encoder gives.</summary>
/// <param name="LastHiddenState">[batch, 1 + patches, width], before the final norm.</param>
/// <param name="PooledOutput">[batch, width], the normed class token.</param>
public sealed record ClipVisionOutput(Tensor LastHiddenState, Tensor PooledOutput);
