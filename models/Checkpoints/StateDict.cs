using System.Text;
using static TorchSharp.torch;

namespace FlexEdit.Models.Checkpoints;

/// <summary>Moves weights between a network and safetensors files, by name.</summary>
public static class StateDict
{
    /// <summary>
    /// Copies a checkpoint's tensors into a network's parameters and buffers of the same name, converting to the type that each of them has.
    /// Shapes must agree, except that sizes of one at the end do not count: files of the original Stable Diffusion code store some
    /// linear layers as 1x1 convolutions.
    /// </summary>
    /// <param name="module">The network. Nothing in it is changed when the file does not fit.</param>
    /// <param name="file">The weights.</param>
    /// <param name="prefix">Only names that begin with this are read, and it is taken off; null or empty for the whole file.</param>
    /// <param name="rename">
    /// Turns a file's name (without prefix) into the network's; a null result leaves that tensor out. Without it names are taken as they are.
    /// </param>
    /// <exception cref="CheckpointException">Lists every missing, unexpected, doubly named and wrongly shaped tensor.</exception>
    public static void Load(nn.Module module, ICheckpoint file, string? prefix = null, Func<string, string?>? rename = null)
    {
        using var scope = NewDisposeScope();
        Load(module.state_dict(), file, prefix, rename);
    }

    /// <summary>As <see cref="Load(nn.Module, ICheckpoint, string?, Func{string, string?}?)"/>, into tensors by name.</summary>
    /// <exception cref="CheckpointException">Lists every missing, unexpected, doubly named and wrongly shaped tensor.</exception>
    public static void Load(IReadOnlyDictionary<string, Tensor> targets, ICheckpoint file, string? prefix = null, Func<string, string?>? rename = null)
    {
        var sources = Match(targets, file, prefix, rename);
        using var noGrad = no_grad();
        foreach (var (name, target) in targets)
            file.CopyTo(sources[name].Name, target);
    }

    /// <summary>Compares names and shapes as <see cref="Load(nn.Module, ICheckpoint, string?, Func{string, string?}?)"/> does and reads nothing; the network may be on the <c>meta</c> device.</summary>
    /// <exception cref="CheckpointException">Lists every missing, unexpected, doubly named and wrongly shaped tensor.</exception>
    public static void Check(nn.Module module, ICheckpoint file, string? prefix = null, Func<string, string?>? rename = null)
    {
        using var scope = NewDisposeScope();
        Match(module.state_dict(), file, prefix, rename);
    }

    private static Dictionary<string, SafetensorsEntry> Match(IReadOnlyDictionary<string, Tensor> targets, ICheckpoint file, string? prefix, Func<string, string?>? rename)
    {
        var sources = new Dictionary<string, SafetensorsEntry>(StringComparer.Ordinal);
        List<string> missing = [], unexpected = [], twice = [], misshapen = [];
        foreach (var entry in file.Tensors.Values)
        {
            if (!entry.Name.StartsWith(prefix ?? "", StringComparison.Ordinal))
                continue;
            var name = entry.Name[(prefix?.Length ?? 0)..];
            if (rename is not null)
                name = rename(name);
            if (name is null)
                continue;
            if (!targets.TryGetValue(name, out var target))
                unexpected.Add(name);
            else if (!sources.TryAdd(name, entry))
                twice.Add($"{name} (from {sources[name].Name} and {entry.Name})");
            else if (!TrimOnes(entry.Shape).SequenceEqual(TrimOnes(target.shape)))
                misshapen.Add($"{name} (file [{string.Join(", ", entry.Shape)}], network [{string.Join(", ", target.shape)}])");
        }
        missing.AddRange(targets.Keys.Where(name => !sources.ContainsKey(name)));
        if (missing.Count + unexpected.Count + twice.Count + misshapen.Count > 0)
            throw new CheckpointException(Describe(file, prefix, missing, unexpected, twice, misshapen));

        return sources;
    }

    /// <summary>Writes a network's parameters and persistent buffers under their names; as <see cref="SafetensorsWriter"/> does.</summary>
    public static void Save(nn.Module module, string path, IReadOnlyDictionary<string, string>? metadata = null, ScalarType? floatType = null)
    {
        using var scope = NewDisposeScope();
        SafetensorsWriter.Write(path, module.state_dict(), metadata, floatType);
    }

    private static IEnumerable<long> TrimOnes(IReadOnlyList<long> shape)
    {
        var count = shape.Count;
        while (count > 0 && shape[count - 1] == 1)
            count--;
        return shape.Take(count);
    }

    private static string Describe(ICheckpoint file, string? prefix, List<string> missing, List<string> unexpected, List<string> twice, List<string> misshapen)
    {
        var text = new StringBuilder($"'{file.Path}'");
        if (!string.IsNullOrEmpty(prefix))
            text.Append($" under '{prefix}'");
        text.Append(" does not fit the network.");
        foreach (var (what, names) in new[] { ("Missing", missing), ("Unexpected", unexpected), ("Named twice", twice), ("Wrongly shaped", misshapen) })
            if (names.Count > 0)
                text.Append($"\n{what} ({names.Count}): {string.Join(", ", names.Order(StringComparer.Ordinal))}.");
        return text.ToString();
    }
}
