using FlexEdit.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.Unet;

/// <summary>Two 3x3 convolutions with the time embedding added between them, beside a shortcut.</summary>
public sealed class ResnetBlock2D : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly GroupNorm norm1;
    private readonly SquareConv2d conv1;
    private readonly Linear time_emb_proj;
    private readonly GroupNorm norm2;
    private readonly SquareConv2d conv2;
    private readonly SquareConv2d? conv_shortcut;

    /// <summary>Makes the block.</summary>
    /// <param name="inChannels">Channels of the input.</param>
    /// <param name="outChannels">Channels of the result; a 1x1 convolution is on the shortcut when they differ.</param>
    /// <param name="timeWidth">Width of the time embedding.</param>
    /// <param name="config">Gives the norms' groups and epsilon.</param>
    /// <param name="device">Where the weights live.</param>
    public ResnetBlock2D(int inChannels, int outChannels, int timeWidth, UNet2DConditionConfig config, Device? device) : base(nameof(ResnetBlock2D))
    {
        norm1 = Norms.Group(config.NormNumGroups, inChannels, config.NormEps, device);
        conv1 = new SquareConv2d(inChannels, outChannels, 3, padding: 1, device: device);
        time_emb_proj = nn.Linear(timeWidth, outChannels, device: device);
        norm2 = Norms.Group(config.NormNumGroups, outChannels, config.NormEps, device);
        conv2 = new SquareConv2d(outChannels, outChannels, 3, padding: 1, device: device);
        conv_shortcut = inChannels == outChannels ? null : new SquareConv2d(inChannels, outChannels, 1, device: device);
        RegisterComponents();
    }

    /// <summary>Applies the block.</summary>
    /// <param name="x">[batch, in, height, width].</param>
    /// <param name="time">The time embedding after its activation, [batch, time width]: computed once for all blocks.</param>
    /// <returns>[batch, out, height, width].</returns>
    public override Tensor forward(Tensor x, Tensor time)
    {
        using var scope = NewDisposeScope();
        var hidden = conv1.call(nn.functional.silu(norm1.forward(x)));
        hidden = hidden + time_emb_proj.call(time).unsqueeze(-1).unsqueeze(-1);
        hidden = conv2.call(nn.functional.silu(norm2.forward(hidden)));
        return (hidden + (conv_shortcut?.call(x) ?? x)).MoveToOuterDisposeScope();
    }
}
