using FlexEdit.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.Autoencoders;

/// <summary>The layers that the published autoencoder's blocks are made of.</summary>
internal static class KlLayers
{
    /// <summary>A group norm with the published epsilon of 1e-6.</summary>
    public static GroupNorm Norm(int groups, int channels, Device? device)
    {
        var norm = nn.GroupNorm(groups, channels, 1e-6, device: device);
        // The library leaves both uninitialised.
        nn.init.ones_(norm.weight);
        nn.init.zeros_(norm.bias);
        return norm;
    }

    /// <summary>A 3x3 convolution that keeps the sides.</summary>
    public static SquareConv2d Conv3(int from, int to, Device? device) => new(from, to, 3, padding: 1, device: device);
}
