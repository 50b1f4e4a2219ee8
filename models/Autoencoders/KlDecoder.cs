using FlexEdit.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.Autoencoders;

/// <summary>Latents to pictures.</summary>
internal sealed class KlDecoder : nn.Module<Tensor, Tensor>
{
    private readonly SquareConv2d conv_in;
    private readonly KlMidBlock mid_block;
    private readonly ModuleList<KlUpBlock> up_blocks;
    private readonly GroupNorm conv_norm_out;
    private readonly SquareConv2d conv_out;

    public KlDecoder(AutoencoderKLConfig config, Device? device)
        : base(nameof(KlDecoder))
    {
        int[] widths = [.. config.BlockOutChannels.Reverse()];
        conv_in = KlLayers.Conv3(config.LatentChannels, widths[0], device);
        mid_block = new KlMidBlock(widths[0], config, device);
        up_blocks = new ModuleList<KlUpBlock>([.. widths.Select((width, i) =>
            new KlUpBlock(widths[Math.Max(i - 1, 0)], width, doubles: i < widths.Length - 1, config, device))]);
        conv_norm_out = KlLayers.Norm(config.NormNumGroups, widths[^1], device);
        conv_out = KlLayers.Conv3(widths[^1], config.OutChannels, device);
        RegisterComponents();
    }

    public override Tensor forward(Tensor latents) // [B, C, h, w] -> [B, 3, H, W]
    {
        using var scope = NewDisposeScope();
        var hidden = mid_block.forward(conv_in.call(latents));
        foreach (var block in up_blocks)
            hidden = block.forward(hidden);
        return conv_out.call(nn.functional.silu(conv_norm_out.forward(hidden))).MoveToOuterDisposeScope();
    }
}
