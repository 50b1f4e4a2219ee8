using FlexEdit.Models.Layers;
using static TorchSharp.torch;

namespace FlexEdit.Models.Autoencoders;

/// <summary>Halves the sides by a convolution of stride 2 that looks one pixel beyond the right and lower edge only.</summary>
internal sealed class KlDownsampler : nn.Module<Tensor, Tensor>
{
    private readonly SquareConv2d conv;

    public KlDownsampler(int channels, Device? device)
        : base(nameof(KlDownsampler))
    {
        conv = new SquareConv2d(channels, channels, 3, stride: 2, device: device);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) // [B, c, h, w] -> [B, c, h/2, w/2]
    {
        using var padded = nn.functional.pad(x, [0, 1, 0, 1]);
        return conv.call(padded);
    }
}

/// <summary>Doubles the sides by repeating pixels, and smooths by a convolution.</summary>
internal sealed class KlUpsampler : nn.Module<Tensor, Tensor>
{
    private readonly SquareConv2d conv;

    public KlUpsampler(int channels, Device? device)
        : base(nameof(KlUpsampler))
    {
        conv = KlLayers.Conv3(channels, channels, device);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) // [B, c, h, w] -> [B, c, 2h, 2w]
    {
        using var larger = nn.functional.interpolate(x, scale_factor: [2, 2], mode: InterpolationMode.Nearest);
        return conv.call(larger);
    }
}
