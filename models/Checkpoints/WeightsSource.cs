using static TorchSharp.torch;

namespace FlexEdit.Models.Checkpoints;

/// <summary>Where a network's weights lie, and under which names.</summary>
/// <param name="File">The file or files; whoever opened them closes them.</param>
/// <param name="Prefix">Only names that begin with this belong to the network; it is taken off. Null for the whole file.</param>
/// <param name="Rename">Turns a name without prefix into the network's; a null result leaves the tensor out. Null: names are taken as they are.</param>
public sealed record WeightsSource(ICheckpoint File, string? Prefix = null, Func<string, string?>? Rename = null)
{
    /// <summary>Loads a network; see <see cref="StateDict"/>.</summary>
    /// <exception cref="CheckpointException">Lists every missing, unexpected, doubly named and wrongly shaped tensor.</exception>
    public void Load(nn.Module network) => StateDict.Load(network, File, Prefix, Rename);

    /// <summary>Compares names and shapes and reads nothing.</summary>
    /// <exception cref="CheckpointException">Lists every missing, unexpected, doubly named and wrongly shaped tensor.</exception>
    public void Check(nn.Module network) => StateDict.Check(network, File, Prefix, Rename);
}
