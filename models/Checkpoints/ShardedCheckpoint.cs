using static TorchSharp.torch;

namespace FlexEdit.Models.Checkpoints;

/// <summary>Tensors spread over several safetensors files that an index joins. Safe to read from several threads.</summary>
public sealed class ShardedCheckpoint : ICheckpoint
{
    private readonly IReadOnlyDictionary<string, SafetensorsFile> _holders;
    private readonly IReadOnlyCollection<SafetensorsFile> _files;

    private ShardedCheckpoint(string path, IReadOnlyDictionary<string, SafetensorsFile> holders, IReadOnlyCollection<SafetensorsFile> files)
    {
        (Path, _holders, _files) = (path, holders, files);
        Tensors = holders.ToDictionary(h => h.Key, h => h.Value.Tensors[h.Key], StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, SafetensorsEntry> Tensors { get; }

    /// <summary>Opens every file that an index names and checks that index and files agree.</summary>
    /// <param name="index">Path of the <c>*.safetensors.index.json</c>.</param>
    /// <param name="digestOf">SHA-256 that a file must have, by its name; null for a file that is not checked. Null: none is.</param>
    /// <exception cref="CheckpointException">
    /// The index is malformed or names a file outside its folder, a file is missing or not sound, or a tensor is missing from its file, in another one, or in two.
    /// </exception>
    public static ShardedCheckpoint Open(string index, Func<string, string?>? digestOf = null)
    {
        var map = ShardIndex.Read(index);
        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(index))!;
        var names = map.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var absent = names.Where(n => !File.Exists(System.IO.Path.Combine(folder, n))).ToList();
        if (absent.Count > 0)
            throw new CheckpointException($"'{index}' names {absent.Count} files that are missing: {string.Join(", ", absent)}.");
        var files = new Dictionary<string, SafetensorsFile>(StringComparer.Ordinal);
        try
        {
            foreach (var name in names)
                files.Add(name, SafetensorsFile.Open(System.IO.Path.Combine(folder, name), digestOf?.Invoke(name)));
            CheckAgreement(index, map, files);
            return new ShardedCheckpoint(index, map.ToDictionary(m => m.Key, m => files[m.Value], StringComparer.Ordinal), files.Values);
        }
        catch
        {
            foreach (var file in files.Values)
                file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public Tensor Read(string name, ScalarType? type = null) => HolderOf(name).Read(name, type);

    /// <inheritdoc/>
    public void CopyTo(string name, Tensor target) => HolderOf(name).CopyTo(name, target);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in _files)
            file.Dispose();
    }

    private static void CheckAgreement(string index, Dictionary<string, string> map, Dictionary<string, SafetensorsFile> files)
    {
        var faults = map.Where(m => !files[m.Value].Tensors.ContainsKey(m.Key)).Select(m => $"'{m.Key}' is not in {m.Value}")
            .Concat(files.SelectMany(f => f.Value.Tensors.Keys.Where(t => !map.ContainsKey(t)).Select(t => $"'{t}' of {f.Key} is not in the index")))
            .Concat(files.SelectMany(f => f.Value.Tensors.Keys.Where(t => map.TryGetValue(t, out var named) && named != f.Key).Select(t => $"'{t}' is in {f.Key} and in {map[t]}")))
            .Order(StringComparer.Ordinal).ToList();
        if (faults.Count > 0)
            throw new CheckpointException($"'{index}' and its files do not agree: {string.Join("; ", faults)}.");
    }

    private SafetensorsFile HolderOf(string name) =>
        _holders.TryGetValue(name, out var file) ? file : throw new KeyNotFoundException($"'{Path}' has no tensor named '{name}'.");
}
