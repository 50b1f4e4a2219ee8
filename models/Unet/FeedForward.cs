using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.Unet;

/// <summary>A linear layer whose one half gates the other through GELU (Shazeer 2020, "GLU variants improve Transformer").</summary>
public sealed class GEGLU : nn.Module<Tensor, Tensor>
{
    private readonly Linear proj;

    /// <summary>Makes the layer from <paramref name="width"/> to <paramref name="inner"/> features.</summary>
    public GEGLU(int width, int inner, Device? device) : base(nameof(GEGLU))
    {
        proj = nn.Linear(width, 2L * inner, device: device);
        RegisterComponents();
    }

    /// <summary>[batch, length, width] to [batch, length, inner].</summary>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var halves = proj.call(x).chunk(2, -1);
        return (halves[0] * nn.functional.gelu(halves[1])).MoveToOuterDisposeScope();
    }
}

/// <summary>The feed-forward part of a transformer block: four times as wide inside.</summary>
public sealed class FeedForward : nn.Module<Tensor, Tensor>
{
    private readonly ModuleList<nn.Module<Tensor, Tensor>> net;

    /// <summary>Makes the layers for states of a width.</summary>
    public FeedForward(int width, Device? device) : base(nameof(FeedForward))
    {
        // The published layout has a dropout, without weights, between the two.
        net = nn.ModuleList<nn.Module<Tensor, Tensor>>(new GEGLU(width, 4 * width, device), nn.Identity(), nn.Linear(4L * width, width, device: device));
        RegisterComponents();
    }

    /// <summary>[batch, length, width] to the same.</summary>
    public override Tensor forward(Tensor x)
    {
        using var inner = net[0].call(x);
        return net[2].call(inner);
    }
}
