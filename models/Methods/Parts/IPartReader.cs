using FlexEdit.Models.Checkpoints;
using static TorchSharp.torch;

namespace FlexEdit.Models.Methods.Parts;

/// <summary>
/// What is done with each network of a model: loaded, only compared with its file, or written anew. A method names its networks once, in its folder class, for all three.
/// </summary>
public interface IPartReader
{
    /// <summary>One network.</summary>
    /// <param name="place">What it is called and where it lies in a folder of our own writing.</param>
    /// <param name="type">The type that its weights are kept in.</param>
    /// <param name="build">Builds it on a device; throws where its configuration cannot be built.</param>
    /// <param name="weights">Opens its weights.</param>
    /// <returns>The network. Of use only where it was loaded: a reader that compares gives one without memory.</returns>
    /// <exception cref="CheckpointException">It cannot be built, or its weights are missing or do not fit.</exception>
    T Read<T>(PartPlace place, ScalarType type, Func<Device, T> build, Func<T, WeightsSource> weights)
        where T : nn.Module;
}

/// <summary>A network's place in a model folder.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Folder">Folder below the model's; empty for the model's own.</param>
/// <param name="Stem">First part of the file's name.</param>
public sealed record PartPlace(string Name, string Folder, string Stem);
