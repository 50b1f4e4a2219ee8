using static TorchSharp.torch;

namespace FlexEdit.Models.Lora;

/// <summary>The low-rank update of one layer, scale · up · down (Hu et al. 2022, eq. 3).</summary>
/// <param name="Module">The layer's name in the network.</param>
/// <param name="Down">[rank, in] of a linear layer, [rank, in, kh, kw] of a convolution.</param>
/// <param name="Up">[out, rank], or [out, rank, 1, 1].</param>
/// <param name="Scale">What the product is multiplied by, alpha / rank.</param>
public sealed record LoraUpdate(string Module, Tensor Down, Tensor Up, double Scale)
{
    /// <summary>What is added to the layer's weight, in its shape and in fp32, scaled.</summary>
    public Tensor Delta()
    {
        using var scope = NewDisposeScope();
        var down = Down.to(ScalarType.Float32);
        var product = Up.to(ScalarType.Float32).flatten(1).matmul(down.flatten(1));
        long[] shape = [Up.shape[0], .. Down.shape.AsSpan(1)];
        return (product.view(shape) * Scale).MoveToOuterDisposeScope();
    }
}
