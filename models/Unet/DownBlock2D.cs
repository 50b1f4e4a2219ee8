using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.Unet;

/// <summary>One level of the way down: residual blocks, each followed by a transformer in a <c>CrossAttnDownBlock2D</c>, then halving except on the last level.</summary>
public sealed class DownBlock2D : nn.Module
{
    private readonly ModuleList<ResnetBlock2D> resnets;
    private readonly ModuleList<Transformer2DModel>? attentions;
    private readonly ModuleList<Downsample2D>? downsamplers;

    /// <summary>Makes the block of a level from <paramref name="inChannels"/> channels.</summary>
    public DownBlock2D(int level, int inChannels, int timeWidth, UNet2DConditionConfig config, Device? device) : base(nameof(DownBlock2D))
    {
        var channels = config.BlockOutChannels[level];
        var layers = Enumerable.Range(0, UNet2DConditionConfig.At(config.LayersPerBlock, level)).ToArray();
        resnets = nn.ModuleList(layers.Select(i => new ResnetBlock2D(i == 0 ? inChannels : channels, channels, timeWidth, config, device)).ToArray());
        if (config.DownBlockTypes[level] == "CrossAttnDownBlock2D")
            attentions = nn.ModuleList(layers.Select(_ => new Transformer2DModel(channels, level, config, device)).ToArray());
        if (level < config.Levels - 1)
            downsamplers = nn.ModuleList(new Downsample2D(channels, device));
        RegisterComponents();
    }

    /// <summary>Its cross-attentions, in the order in which they run.</summary>
    public IEnumerable<Attention> CrossAttentions => attentions?.SelectMany(a => a.CrossAttentions) ?? [];

    /// <summary>Applies the level and pushes every layer's result on <paramref name="skips"/> for the way up.</summary>
    public Tensor forward(Tensor hidden, Tensor time, CrossAttentionCache cache, Stack<Tensor> skips)
    {
        for (var i = 0; i < resnets.Count; i++)
        {
            hidden = resnets[i].forward(hidden, time);
            if (attentions is not null)
                hidden = attentions[i].forward(hidden, cache);
            skips.Push(hidden);
        }
        if (downsamplers is not null)
            skips.Push(hidden = downsamplers[0].forward(hidden));
        return hidden;
    }
}
