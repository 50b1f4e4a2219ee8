using FlexEdit.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.Autoencoders;

/// <summary>Pictures to latents: a linear code of every 8x8 patch, plus convolutions over neighbouring patches where the configuration has them.</summary>
public sealed class PatchEncoder : nn.Module<Tensor, Tensor>
{
    internal readonly SquareConv2d linear;
    private readonly SquareConv2d? conv_in;
    private readonly ModuleList<PlainResidualBlock>? blocks;
    private readonly SquareConv2d? conv_out;

    internal PatchEncoder(PatchAutoencoderConfig config)
        : base(nameof(PatchEncoder))
    {
        linear = new SquareConv2d(LinearPatchCode.PatchLength, config.LatentChannels, 1);
        if (config.EncoderWidth > 0)
        {
            conv_in = new SquareConv2d(LinearPatchCode.PatchLength, config.EncoderWidth, 3, padding: 1);
            blocks = PlainResidualBlock.Row(config.EncoderWidth, config.EncoderBlocks);
            conv_out = new SquareConv2d(config.EncoderWidth, config.LatentChannels, 3, padding: 1);
            nn.init.zeros_(conv_out.Weight);
            nn.init.zeros_(conv_out.Bias!);
        }
        RegisterComponents();
    }

    /// <summary>[B, 3, H, W] in [-1, 1] to [B, C, H/8, W/8].</summary>
    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        var patches = nn.functional.pixel_unshuffle(images, LinearPatchCode.PatchSide); // [B, 192, h, w]
        var latents = linear.forward(patches); // [B, C, h, w]
        if (conv_in is not null && blocks is not null && conv_out is not null)
        {
            var hidden = conv_in.forward(patches);
            foreach (var block in blocks)
                hidden = block.forward(hidden);
            latents = latents + conv_out.forward(nn.functional.silu(hidden));
        }
        return latents.MoveToOuterDisposeScope();
    }
}
