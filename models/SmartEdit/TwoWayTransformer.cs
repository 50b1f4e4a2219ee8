using FlexEdit.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.SmartEdit;

/// <summary>Tokens and image features looking at each other in turn: SAM's mask decoder trunk (Kirillov et al. 2023, figure 14).</summary>
internal sealed class TwoWayTransformer : nn.Module
{
    private readonly ModuleList<TwoWayLayer> layers;
    private readonly TwoWayAttention final_attn_token_to_image;
    private readonly LayerNorm norm_final_attn;

    public TwoWayTransformer(InteractionConfig config, Device? device)
        : base(nameof(TwoWayTransformer))
    {
        layers = nn.ModuleList(Enumerable.Range(0, config.Depth).Select(i => new TwoWayLayer(config, isFirst: i == 0, device)).ToArray());
        final_attn_token_to_image = new TwoWayAttention(config, config.Downsample, device);
        norm_final_attn = nn.LayerNorm(config.Width, config.LayerNormEps, device: device);
        RegisterComponents();
    }

    /// <summary>The tokens [batch, tokens, width] and the image features [batch, places, width], both with the other's news.</summary>
    /// <param name="tokens">They are their own positions as well.</param>
    /// <param name="image">[batch, places, width].</param>
    /// <param name="positions">[places, width], of the image features.</param>
    public (Tensor Tokens, Tensor Image) Forward(Tensor tokens, Tensor image, Tensor positions)
    {
        var (queries, keys) = (tokens, image);
        foreach (var layer in layers)
            (queries, keys) = layer.Forward(queries, keys, tokens, positions);
        queries += final_attn_token_to_image.Forward(queries + tokens, keys + positions, keys);
        return (norm_final_attn.call(queries), keys);
    }
}

/// <summary>Self-attention of the tokens, tokens to image, feed-forward of the tokens, image to tokens; a norm after each.</summary>
internal sealed class TwoWayLayer : nn.Module
{
    private readonly TwoWayAttention self_attn;
    private readonly LayerNorm norm1;
    private readonly TwoWayAttention cross_attn_token_to_image;
    private readonly LayerNorm norm2;
    private readonly TwoWayMlp mlp;
    private readonly LayerNorm norm3;
    private readonly LayerNorm norm4;
    private readonly TwoWayAttention cross_attn_image_to_token;
    private readonly bool _isFirst;

    public TwoWayLayer(InteractionConfig config, bool isFirst, Device? device)
        : base(nameof(TwoWayLayer))
    {
        _isFirst = isFirst;
        LayerNorm Norm() => nn.LayerNorm(config.Width, config.LayerNormEps, device: device);
        self_attn = new TwoWayAttention(config, downsample: 1, device);
        (norm1, norm2, norm3, norm4) = (Norm(), Norm(), Norm(), Norm());
        cross_attn_token_to_image = new TwoWayAttention(config, config.Downsample, device);
        mlp = new TwoWayMlp(config, device);
        cross_attn_image_to_token = new TwoWayAttention(config, config.Downsample, device);
        RegisterComponents();
    }

    public (Tensor Queries, Tensor Keys) Forward(Tensor queries, Tensor keys, Tensor queryPositions, Tensor keyPositions)
    {
        // The first layer's tokens are their own positions already; there the attention takes the tokens' place instead of adding to them.
        queries = norm1.call(_isFirst
            ? self_attn.Forward(queries, queries, queries)
            : queries + self_attn.Forward(queries + queryPositions, queries + queryPositions, queries));
        queries = norm2.call(queries + cross_attn_token_to_image.Forward(queries + queryPositions, keys + keyPositions, keys));
        queries = norm3.call(queries + mlp.Forward(queries));
        keys = norm4.call(keys + cross_attn_image_to_token.Forward(keys + keyPositions, queries + queryPositions, queries));
        return (queries, keys);
    }
}

/// <summary>The feed-forward part (<c>mlp</c>).</summary>
internal sealed class TwoWayMlp : nn.Module
{
    private readonly Linear lin1;
    private readonly Linear lin2;
    private readonly Func<Tensor, Tensor> _activation;

    public TwoWayMlp(InteractionConfig config, Device? device)
        : base(nameof(TwoWayMlp))
    {
        _activation = Activation.Named(config.Activation);
        lin1 = nn.Linear(config.Width, config.Mlp, device: device);
        lin2 = nn.Linear(config.Mlp, config.Width, device: device);
        RegisterComponents();
    }

    public Tensor Forward(Tensor states) => lin2.call(_activation(lin1.call(states)));
}
