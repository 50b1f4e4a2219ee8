using FlexEdit.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.Autoencoders;

/// <summary>Pictures to the mean and the log-variance of their latents, side by side in the channels.</summary>
internal sealed class KlEncoder : nn.Module<Tensor, Tensor>
{
    private readonly SquareConv2d conv_in;
    private readonly ModuleList<KlDownBlock> down_blocks;
    private readonly KlMidBlock mid_block;
    private readonly GroupNorm conv_norm_out;
    private readonly SquareConv2d conv_out;

    public KlEncoder(AutoencoderKLConfig config, Device? device)
        : base(nameof(KlEncoder))
    {
        var widths = config.BlockOutChannels;
        conv_in = KlLayers.Conv3(config.InChannels, widths[0], device);
        down_blocks = new ModuleList<KlDownBlock>([.. widths.Select((width, i) =>
            new KlDownBlock(widths[Math.Max(i - 1, 0)], width, halves: i < widths.Count - 1, config, device))]);
        mid_block = new KlMidBlock(widths[^1], config, device);
        conv_norm_out = KlLayers.Norm(config.NormNumGroups, widths[^1], device);
        conv_out = KlLayers.Conv3(widths[^1], 2 * config.LatentChannels, device);
        RegisterComponents();
    }

    public override Tensor forward(Tensor images) // [B, 3, H, W] -> [B, 2C, h, w]
    {
        using var scope = NewDisposeScope();
        var hidden = conv_in.call(images);
        foreach (var block in down_blocks)
            hidden = block.forward(hidden);
        hidden = conv_norm_out.forward(mid_block.forward(hidden));
        return conv_out.call(nn.functional.silu(hidden)).MoveToOuterDisposeScope();
    }
}
