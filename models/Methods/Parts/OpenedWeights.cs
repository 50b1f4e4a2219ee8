using FlexEdit.Models.Checkpoints;

namespace FlexEdit.Models.Methods.Parts;

/// <summary>The weights of a model folder that have been opened; they are closed together.</summary>
/// <param name="folder">The model.</param>
internal sealed class OpenedWeights(MethodFolder folder) : IDisposable
{
    private readonly List<ICheckpoint> _open = [];

    /// <summary>Opens a folder of weights below the model's, or a single file, after comparing digests.</summary>
    /// <exception cref="CheckpointException">They are missing, not sound, or not the files that the card names.</exception>
    public ICheckpoint Open(string name)
    {
        var file = folder.OpenWeights(name);
        _open.Add(file);
        return file;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in _open)
            file.Dispose();
    }
}
