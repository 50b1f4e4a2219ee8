using System.Text.Json;

namespace FlexEdit.Models.Checkpoints;

/// <summary>
/// <c>model.safetensors.index.json</c>: which of several files holds which tensor (transformers, "Big models": <c>weight_map</c> by tensor name,
/// <c>metadata.total_size</c> in bytes).
/// </summary>
internal static class ShardIndex
{
    /// <summary>How an index's name ends.</summary>
    public const string Extension = ".safetensors.index.json";

    private const long MaximumLength = 1 << 26;
    private const int MaximumShards = 10_000;

    /// <summary>Reads an index.</summary>
    /// <returns>File name by tensor name.</returns>
    /// <exception cref="CheckpointException">It is missing or malformed, or names a file outside its own folder.</exception>
    public static Dictionary<string, string> Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            if (stream.Length > MaximumLength)
                throw new CheckpointException($"it has {stream.Length} bytes, more than the {MaximumLength} allowed");
            using var document = JsonDocument.Parse(stream, new JsonDocumentOptions { MaxDepth = 16 });
            return ReadMap(document.RootElement);
        }
        catch (Exception problem) when (problem is CheckpointException or JsonException or IOException or InvalidOperationException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"The index '{path}' cannot be read: {problem.Message.TrimEnd('.')}.", problem);
        }
    }

    private static Dictionary<string, string> ReadMap(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("weight_map", out var map) || map.ValueKind != JsonValueKind.Object)
            throw new CheckpointException("it has no 'weight_map' object");
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in map.EnumerateObject())
        {
            if (entry.Value.ValueKind != JsonValueKind.String)
                throw new CheckpointException($"'weight_map' gives no file name for '{entry.Name}'");
            var file = entry.Value.GetString()!;
            // A name and nothing else: an index never reaches out of its folder.
            if (file.Length == 0 || file is "." or ".." || file.AsSpan().ContainsAny('/', '\\', '\0') || Path.IsPathRooted(file))
                throw new CheckpointException($"'weight_map' names '{file}' for '{entry.Name}', which is not a plain file name in the index's folder");
            if (!file.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase))
                throw new CheckpointException($"'weight_map' names '{file}' for '{entry.Name}', which is not a .safetensors file");
            if (!files.TryAdd(entry.Name, file))
                throw new CheckpointException($"'weight_map' has '{entry.Name}' twice");
            if (names.Add(file) && names.Count > MaximumShards)
                throw new CheckpointException($"'weight_map' names more than {MaximumShards} files");
        }
        if (files.Count == 0)
            throw new CheckpointException("its 'weight_map' is empty");
        return files;
    }
}
