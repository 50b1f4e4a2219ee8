using FlexEdit.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.Unet;

/// <summary>Transformer blocks over the places of a feature map, between two projections and beside a shortcut.</summary>
public sealed class Transformer2DModel : nn.Module<Tensor, CrossAttentionCache, Tensor>
{
    private readonly GroupNorm norm;
    private readonly nn.Module<Tensor, Tensor> proj_in;
    private readonly ModuleList<BasicTransformerBlock> transformer_blocks;
    private readonly nn.Module<Tensor, Tensor> proj_out;
    private readonly bool _linear;

    /// <summary>Makes the network.</summary>
    /// <param name="channels">Channels of the feature map.</param>
    /// <param name="level">The level whose heads, blocks and context width it takes.</param>
    /// <param name="config">The UNet's configuration.</param>
    /// <param name="device">Where the weights live.</param>
    public Transformer2DModel(int channels, int level, UNet2DConditionConfig config, Device? device) : base(nameof(Transformer2DModel))
    {
        _linear = config.UseLinearProjection;
        norm = Norms.Group(config.NormNumGroups, channels, 1e-6, device);
        proj_in = Projection(channels, device);
        var blocks = new BasicTransformerBlock[UNet2DConditionConfig.At(config.TransformerLayersPerBlock, level)];
        for (var i = 0; i < blocks.Length; i++)
            blocks[i] = new(channels, UNet2DConditionConfig.At(config.AttentionHeadDim, level), UNet2DConditionConfig.At(config.CrossAttentionDim, level), device);
        transformer_blocks = nn.ModuleList(blocks);
        proj_out = Projection(channels, device);
        RegisterComponents();
    }

    /// <summary>Its cross-attentions, in the order in which they run.</summary>
    public IEnumerable<Attention> CrossAttentions => transformer_blocks.Select(block => block.CrossAttention);

    /// <summary>[batch, channels, height, width] to the same.</summary>
    public override Tensor forward(Tensor x, CrossAttentionCache cache)
    {
        using var scope = NewDisposeScope();
        var (height, width) = (x.shape[2], x.shape[3]);
        var hidden = norm.forward(x);
        hidden = _linear ? proj_in.call(ToSequence(hidden)) : ToSequence(proj_in.call(hidden));
        foreach (var block in transformer_blocks)
            hidden = block.forward(hidden, cache);
        hidden = _linear ? ToMap(proj_out.call(hidden), height, width) : proj_out.call(ToMap(hidden, height, width));
        return (hidden + x).MoveToOuterDisposeScope();
    }

    private nn.Module<Tensor, Tensor> Projection(int channels, Device? device) =>
        _linear ? nn.Linear(channels, channels, device: device) : new SquareConv2d(channels, channels, 1, device: device);

    // [batch, channels, height, width] to [batch, height·width, channels]
    private static Tensor ToSequence(Tensor map) => map.permute(0, 2, 3, 1).flatten(1, 2);

    private static Tensor ToMap(Tensor sequence, long height, long width) => sequence.unflatten(1, [height, width]).permute(0, 3, 1, 2);
}
