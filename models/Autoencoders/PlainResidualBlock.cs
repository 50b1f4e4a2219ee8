using FlexEdit.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.Autoencoders;

/// <summary>
/// x + conv(silu(conv(silu(x)))): a residual block before activation (He et al. 2016, "Identity Mappings", fig. 1b) without norms,
/// which cost memory traffic on a processor and gain nothing in a network this shallow. The second convolution starts at zero.
/// </summary>
internal sealed class PlainResidualBlock : nn.Module<Tensor, Tensor>
{
    private readonly SquareConv2d conv1;
    private readonly SquareConv2d conv2;

    public PlainResidualBlock(int channels)
        : base(nameof(PlainResidualBlock))
    {
        conv1 = new SquareConv2d(channels, channels, 3, padding: 1);
        conv2 = new SquareConv2d(channels, channels, 3, padding: 1);
        nn.init.zeros_(conv2.Weight);
        nn.init.zeros_(conv2.Bias!);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) // [B, c, h, w] -> the same
    {
        using var scope = NewDisposeScope();
        var hidden = conv1.forward(nn.functional.silu(x));
        return (x + conv2.forward(nn.functional.silu(hidden))).MoveToOuterDisposeScope();
    }

    public static ModuleList<PlainResidualBlock> Row(int channels, int count) =>
        new([.. Enumerable.Range(0, count).Select(_ => new PlainResidualBlock(channels))]);
}
