using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.Unet;

/// <summary>
/// One level of the way up: residual blocks over the hidden map joined with what the way down left, each followed by a transformer
/// in a <c>CrossAttnUpBlock2D</c>, then enlarging except on the highest level.
/// </summary>
public sealed class UpBlock2D : nn.Module
{
    private readonly ModuleList<ResnetBlock2D> resnets;
    private readonly ModuleList<Transformer2DModel>? attentions;
    private readonly ModuleList<Upsample2D>? upsamplers;

    /// <summary>Makes the block that mirrors the down block of <paramref name="level"/>.</summary>
    public UpBlock2D(int level, int timeWidth, UNet2DConditionConfig config, Device? device) : base(nameof(UpBlock2D))
    {
        var channels = config.BlockOutChannels[level];
        var below = config.BlockOutChannels[Math.Min(level + 1, config.Levels - 1)];
        var above = config.BlockOutChannels[Math.Max(level - 1, 0)];
        var layers = Enumerable.Range(0, UNet2DConditionConfig.At(config.LayersPerBlock, level) + 1).ToArray();
        // The last skip of a level is the one from before its down block: as wide as the level above.
        resnets = nn.ModuleList(layers.Select(i => new ResnetBlock2D(
            (i == 0 ? below : channels) + (i == layers.Length - 1 ? above : channels), channels, timeWidth, config, device)).ToArray());
        if (config.UpBlockTypes[config.Levels - 1 - level] == "CrossAttnUpBlock2D")
            attentions = nn.ModuleList(layers.Select(_ => new Transformer2DModel(channels, level, config, device)).ToArray());
        if (level > 0)
            upsamplers = nn.ModuleList(new Upsample2D(channels, device));
        RegisterComponents();
    }

    /// <summary>Its cross-attentions, in the order in which they run.</summary>
    public IEnumerable<Attention> CrossAttentions => attentions?.SelectMany(a => a.CrossAttentions) ?? [];

    /// <summary>Applies the level, popping one of <paramref name="skips"/> for every layer.</summary>
    public Tensor forward(Tensor hidden, Tensor time, CrossAttentionCache cache, Stack<Tensor> skips)
    {
        for (var i = 0; i < resnets.Count; i++)
        {
            using var joined = cat([hidden, skips.Pop()], 1);
            hidden = resnets[i].forward(joined, time);
            if (attentions is not null)
                hidden = attentions[i].forward(hidden, cache);
        }
        return upsamplers is null ? hidden : upsamplers[0].forward(hidden, skips.Peek().shape[2..]);
    }
}
