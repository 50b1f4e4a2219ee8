using FlexEdit.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace FlexEdit.Models.Methods.Parts;

/// <summary>Loads networks, casting on the way.</summary>
/// <param name="device">Where they are loaded; null for the processor.</param>
public sealed class PartLoader(Device? device = null) : IPartReader
{
    /// <inheritdoc/>
    public T Read<T>(PartPlace place, ScalarType type, Func<Device, T> build, Func<T, WeightsSource> weights)
        where T : nn.Module
    {
        var network = build(device ?? CPU);
        try
        {
            network.to(type);
            weights(network).Load(network);
            network.eval();
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }
}
