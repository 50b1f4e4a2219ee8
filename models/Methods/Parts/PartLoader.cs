using FlexEdit.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace FlexEdit.Models.Methods.Parts;

/// <summary>Loads networks, casting on the way.</summary>
public sealed class PartLoader : IPartReader
{
    /// <inheritdoc/>
    public T Read<T>(PartPlace place, ScalarType type, Func<Device, T> build, Func<T, WeightsSource> weights)
        where T : nn.Module
    {
        var network = build(CPU);
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
