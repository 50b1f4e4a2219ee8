using FlexEdit.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.Autoencoders;

/// <summary>
/// Latents to pictures: the linear code backwards, plus a correction that sees neighbouring patches. The correction works
/// at the latents' size, then at half the picture's size beside the linear picture itself, and starts at exactly zero.
/// No convolution runs at the picture's full size (cost).
/// </summary>
public sealed class PatchDecoder : nn.Module<Tensor, Tensor>
{
    private const int HalfSizeUpscale = LinearPatchCode.PatchSide / 2;
    private const int HalfSizeColours = 3 * 2 * 2;

    internal readonly SquareConv2d linear;
    private readonly SquareConv2d? conv_in;
    private readonly ModuleList<PlainResidualBlock>? blocks;
    private readonly SquareConv2d? conv_up;
    private readonly SquareConv2d? conv_merge;
    private readonly ModuleList<PlainResidualBlock>? pixel_blocks;
    private readonly SquareConv2d? conv_out;

    internal PatchDecoder(PatchAutoencoderConfig config)
        : base(nameof(PatchDecoder))
    {
        linear = new SquareConv2d(config.LatentChannels, LinearPatchCode.PatchLength, 1);
        if (config.DecoderWidth > 0)
        {
            var pixelWidth = config.DecoderPixelWidth;
            conv_in = new SquareConv2d(config.LatentChannels, config.DecoderWidth, 3, padding: 1);
            blocks = PlainResidualBlock.Row(config.DecoderWidth, config.DecoderBlocks);
            conv_up = new SquareConv2d(config.DecoderWidth, pixelWidth * HalfSizeUpscale * HalfSizeUpscale, 3, padding: 1);
            conv_merge = new SquareConv2d(pixelWidth + HalfSizeColours, pixelWidth, 3, padding: 1);
            pixel_blocks = PlainResidualBlock.Row(pixelWidth, config.DecoderPixelBlocks);
            conv_out = new SquareConv2d(pixelWidth, HalfSizeColours, 3, padding: 1);
            nn.init.zeros_(conv_out.Weight);
            nn.init.zeros_(conv_out.Bias!);
        }
        RegisterComponents();
    }

    /// <summary>[B, C, h, w] to [B, 3, 8h, 8w], not clamped.</summary>
    public override Tensor forward(Tensor latents)
    {
        using var scope = NewDisposeScope();
        var images = nn.functional.pixel_shuffle(linear.forward(latents), LinearPatchCode.PatchSide); // [B, 3, 8h, 8w]
        if (conv_in is not null && blocks is not null && conv_up is not null && conv_merge is not null && pixel_blocks is not null && conv_out is not null)
        {
            var hidden = conv_in.forward(latents); // [B, width, h, w]
            foreach (var block in blocks)
                hidden = block.forward(hidden);
            hidden = nn.functional.pixel_shuffle(conv_up.forward(nn.functional.silu(hidden)), HalfSizeUpscale); // [B, pixelWidth, 4h, 4w]
            hidden = conv_merge.forward(cat([hidden, nn.functional.pixel_unshuffle(images, 2)], 1));
            foreach (var block in pixel_blocks)
                hidden = block.forward(hidden);
            hidden = conv_out.forward(nn.functional.silu(hidden)); // [B, 12, 4h, 4w]
            images = images + nn.functional.pixel_shuffle(hidden, 2);
        }
        return images.MoveToOuterDisposeScope();
    }
}
