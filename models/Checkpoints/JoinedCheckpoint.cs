using static TorchSharp.torch;

namespace FlexEdit.Models.Checkpoints;

/// <summary>
/// Several checkpoints that together hold one network, under the network's names. Whoever opened them closes them. A tensor that two of them give is refused; what is missing
/// or too many is for <see cref="StateDict"/> to say, which compares everything with the network at once.
/// </summary>
public sealed class JoinedCheckpoint : ICheckpoint
{
    private readonly Dictionary<string, (ICheckpoint File, string Name)> _places = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SafetensorsEntry> _tensors = new(StringComparer.Ordinal);

    /// <summary>Joins checkpoints.</summary>
    /// <param name="path">What error messages call it.</param>
    /// <param name="parts">Each checkpoint with what turns its names into the network's (null leaves a tensor out).</param>
    /// <exception cref="CheckpointException">Lists the tensors that are there twice.</exception>
    public JoinedCheckpoint(string path, params IReadOnlyList<(ICheckpoint File, Func<string, string?> Rename)> parts)
    {
        Path = path;
        List<string> twice = [];
        foreach (var (file, rename) in parts)
            foreach (var entry in file.Tensors.Values)
            {
                if (rename(entry.Name) is not { } name)
                    continue;
                if (_places.TryAdd(name, (file, entry.Name)))
                    _tensors.Add(name, entry with { Name = name });
                else
                    twice.Add($"{name} ('{_places[name].File.Path}' and '{file.Path}')");
            }
        if (twice.Count > 0)
            throw new CheckpointException($"'{path}' holds tensors twice ({twice.Count}): {string.Join(", ", twice)}.");
    }

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, SafetensorsEntry> Tensors => _tensors;

    /// <inheritdoc/>
    public Tensor Read(string name, ScalarType? type = null) => _places[name].File.Read(_places[name].Name, type);

    /// <inheritdoc/>
    public void CopyTo(string name, Tensor target) => _places[name].File.CopyTo(_places[name].Name, target);

    /// <summary>Does nothing: the files belong to whoever opened them.</summary>
    public void Dispose()
    {
    }
}
