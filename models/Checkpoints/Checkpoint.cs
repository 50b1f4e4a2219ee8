namespace FlexEdit.Models.Checkpoints;

/// <summary>Opens weights however they are stored: one safetensors file, the index of several, or a folder with either.</summary>
public static class Checkpoint
{
    private static readonly string[] Stems = ["model", "diffusion_pytorch_model", "pytorch_model", "adapter_model"];

    /// <summary>Opens weights.</summary>
    /// <param name="path">
    /// A safetensors file, a <c>*.safetensors.index.json</c>, or a folder that holds one of them under a published name
    /// (<c>model.safetensors</c>, <c>diffusion_pytorch_model.safetensors</c> and their indexes) or a single safetensors file of any name.
    /// </param>
    /// <param name="digests">SHA-256 by file name; a file that is named must have its digest. Null: none is checked.</param>
    /// <param name="allDigests">Whether a file that <paramref name="digests"/> does not name is refused.</param>
    /// <exception cref="CheckpointException">It is missing, ambiguous, a pickle file, not sound, or not the file of the digest; the message says which.</exception>
    public static ICheckpoint Open(string path, IReadOnlyDictionary<string, string>? digests = null, bool allDigests = false)
    {
        var file = Directory.Exists(path) ? FindIn(path) : path;
        if (file.EndsWith(ShardIndex.Extension, StringComparison.OrdinalIgnoreCase))
            return ShardedCheckpoint.Open(file, name => DigestOf(file, name, digests, allDigests));
        PickleFiles.RefuseByName(file);
        if (!File.Exists(file))
            throw new CheckpointException($"'{file}' is missing.");
        return SafetensorsFile.Open(file, DigestOf(file, Path.GetFileName(file), digests, allDigests));
    }

    private static string? DigestOf(string path, string name, IReadOnlyDictionary<string, string>? digests, bool all) =>
        digests?.GetValueOrDefault(name) ?? (all ? throw new CheckpointException($"The card gives no digest of '{name}' ('{path}'); 'flexedit models verify --record' adds it.") : null);

    /// <summary>The file or index that a folder's weights are opened by.</summary>
    /// <exception cref="CheckpointException">There is none, only a pickle file, or several.</exception>
    public static string FindIn(string folder)
    {
        foreach (var stem in Stems)
            foreach (var name in new[] { stem + ".safetensors", stem + ShardIndex.Extension })
                if (File.Exists(Path.Combine(folder, name)))
                    return Path.Combine(folder, name);
        var indexes = Directory.GetFiles(folder, "*" + ShardIndex.Extension);
        var files = indexes.Length > 0 ? indexes : Directory.GetFiles(folder, "*.safetensors");
        if (files.Length == 1)
            return files[0];
        if (files.Length > 1)
            throw new CheckpointException($"'{folder}' holds several checkpoints: {string.Join(", ", files.Select(Path.GetFileName).Order(StringComparer.Ordinal))}. Name one of them.");
        if (Directory.EnumerateFiles(folder).FirstOrDefault(PickleFiles.IsNamed) is { } pickle)
            PickleFiles.RefuseByName(pickle);
        throw new CheckpointException($"'{folder}' holds no safetensors file.");
    }
}
