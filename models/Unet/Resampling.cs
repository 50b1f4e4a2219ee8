using FlexEdit.Models.Layers;
using static TorchSharp.torch;

namespace FlexEdit.Models.Unet;

/// <summary>Halves height and width, rounding up, with a 3x3 convolution of stride 2.</summary>
public sealed class Downsample2D : nn.Module<Tensor, Tensor>
{
    private readonly SquareConv2d conv;

    /// <summary>Makes the layer.</summary>
    public Downsample2D(int channels, Device? device) : base(nameof(Downsample2D))
    {
        conv = new SquareConv2d(channels, channels, 3, stride: 2, padding: 1, device: device);
        RegisterComponents();
    }

    /// <summary>[batch, channels, height, width] to half the height and width.</summary>
    public override Tensor forward(Tensor x) => conv.call(x);
}

/// <summary>Enlarges by nearest neighbour to a given size, then a 3x3 convolution.</summary>
public sealed class Upsample2D : nn.Module<Tensor, long[], Tensor>
{
    private readonly SquareConv2d conv;

    /// <summary>Makes the layer.</summary>
    public Upsample2D(int channels, Device? device) : base(nameof(Upsample2D))
    {
        conv = new SquareConv2d(channels, channels, 3, padding: 1, device: device);
        RegisterComponents();
    }

    /// <summary>[batch, channels, …] to <paramref name="size"/> = height and width: twice the input's, or one less where the way down rounded up.</summary>
    public override Tensor forward(Tensor x, long[] size)
    {
        using var scope = NewDisposeScope();
        return conv.call(nn.functional.interpolate(x, size, mode: InterpolationMode.Nearest)).MoveToOuterDisposeScope();
    }
}
