using FlexEdit.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.Autoencoders;

/// <summary>Two 3x3 convolutions, each after a group norm and SiLU, beside a shortcut (diffusers' <c>ResnetBlock2D</c> without a time step).</summary>
internal sealed class KlResnetBlock : nn.Module<Tensor, Tensor>
{
    private readonly GroupNorm norm1;
    private readonly SquareConv2d conv1;
    private readonly GroupNorm norm2;
    private readonly SquareConv2d conv2;
    private readonly SquareConv2d? conv_shortcut;

    public KlResnetBlock(int from, int to, int groups, Device? device)
        : base(nameof(KlResnetBlock))
    {
        norm1 = KlLayers.Norm(groups, from, device);
        conv1 = KlLayers.Conv3(from, to, device);
        norm2 = KlLayers.Norm(groups, to, device);
        conv2 = KlLayers.Conv3(to, to, device);
        conv_shortcut = from == to ? null : new SquareConv2d(from, to, 1, device: device);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) // [B, from, h, w] -> [B, to, h, w]
    {
        using var scope = NewDisposeScope();
        var hidden = conv1.call(nn.functional.silu(norm1.forward(x)));
        hidden = conv2.call(nn.functional.silu(norm2.forward(hidden)));
        return (hidden + (conv_shortcut?.call(x) ?? x)).MoveToOuterDisposeScope();
    }

    /// <summary>Blocks one after another, the first of which changes the channels.</summary>
    public static ModuleList<KlResnetBlock> Row(int count, int from, int to, int groups, Device? device) =>
        new([.. Enumerable.Range(0, count).Select(i => new KlResnetBlock(i == 0 ? from : to, to, groups, device))]);
}
