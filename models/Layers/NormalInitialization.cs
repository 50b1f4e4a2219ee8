using TorchSharp;
using TorchSharp.Modules;

namespace FlexEdit.Models.Layers;

/// <summary>The start for training from nothing that the published transformers use: weights normal, biases zero, norms one.</summary>
public static class NormalInitialization
{
    /// <summary>
    /// Draws every linear, convolution and embedding weight of the network from N(0, <paramref name="deviation"/>²) and sets their biases to zero.
    /// Norms keep their ones and zeros; other parameters are untouched. The draws come from torch's default generator, so seed it first.
    /// </summary>
    public static void Apply(torch.nn.Module network, double deviation)
    {
        using var noGrad = torch.no_grad();
        foreach (var module in network.modules())
        {
            switch (module)
            {
                case Linear linear:
                    Draw(linear.weight, linear.bias, deviation);
                    break;
                case SquareConv2d convolution:
                    Draw(convolution.Weight, convolution.Bias, deviation);
                    break;
                case Embedding embedding:
                    Draw(embedding.weight, null, deviation);
                    break;
            }
        }
    }

    /// <summary>A parameter of its own, drawn from N(0, <paramref name="deviation"/>²).</summary>
    public static Parameter Parameter(long[] shape, double deviation, torch.Device? device, torch.ScalarType? dtype)
    {
        using var drawn = torch.randn(shape, dtype, device);
        return torch.nn.Parameter(drawn * deviation);
    }

    private static void Draw(torch.Tensor? weight, torch.Tensor? bias, double deviation)
    {
        weight?.normal_(0, deviation);
        bias?.zero_();
    }
}
