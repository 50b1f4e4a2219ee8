using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.Unet;

/// <summary>The middle at the lowest resolution (<c>UNetMidBlock2DCrossAttn</c>): residual block, transformer, residual block.</summary>
public sealed class MidBlock2D : nn.Module
{
    private readonly ModuleList<ResnetBlock2D> resnets;
    private readonly ModuleList<Transformer2DModel> attentions;

    /// <summary>Makes the block with the last level's widths.</summary>
    public MidBlock2D(int timeWidth, UNet2DConditionConfig config, Device? device) : base(nameof(MidBlock2D))
    {
        var channels = config.BlockOutChannels[^1];
        resnets = nn.ModuleList(
            new ResnetBlock2D(channels, channels, timeWidth, config, device),
            new ResnetBlock2D(channels, channels, timeWidth, config, device));
        attentions = nn.ModuleList(new Transformer2DModel(channels, config.Levels - 1, config, device));
        RegisterComponents();
    }

    /// <summary>Its cross-attentions, in the order in which they run.</summary>
    public IEnumerable<Attention> CrossAttentions => attentions.SelectMany(a => a.CrossAttentions);

    /// <summary>[batch, channels, height, width] to the same.</summary>
    public Tensor forward(Tensor hidden, Tensor time, CrossAttentionCache cache)
    {
        hidden = resnets[0].forward(hidden, time);
        hidden = attentions[0].forward(hidden, cache);
        return resnets[1].forward(hidden, time);
    }
}
