using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.Unet;

/// <summary>Makes group norms that start as the identity: TorchSharp 0.107 leaves their weight and bias uninitialised.</summary>
internal static class Norms
{
    public static GroupNorm Group(int groups, int channels, double epsilon, Device? device)
    {
        var norm = nn.GroupNorm(groups, channels, epsilon, device: device);
        nn.init.ones_(norm.weight!);
        nn.init.zeros_(norm.bias!);
        return norm;
    }
}
