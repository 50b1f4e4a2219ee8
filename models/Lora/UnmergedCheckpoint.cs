using FlexEdit.Models.Checkpoints;
using static TorchSharp.torch;

namespace FlexEdit.Models.Lora;

/// <summary>
/// A checkpoint in which PEFT left adapters beside the weights that they belong to (<c>X.weight</c>, <c>X.lora_A.default.weight</c>, <c>X.lora_B.default.weight</c>),
/// as SmartEdit's language model is published. It shows the merged weights W + scale·B·A, computed in float32 while they are read, and no adapters.
/// </summary>
public sealed class UnmergedCheckpoint : ICheckpoint
{
    private const string Down = ".lora_A.default.weight", Up = ".lora_B.default.weight", Weight = ".weight";

    private readonly ICheckpoint _file;
    private readonly double _scale;
    private readonly HashSet<string> _merged = new(StringComparer.Ordinal);

    /// <summary>Pairs the adapters with their weights.</summary>
    /// <param name="file">The checkpoint; whoever opened it closes it.</param>
    /// <param name="config">The adapters' configuration.</param>
    /// <exception cref="CheckpointException">Lists every adapter tensor without its other half or its weight, or of another shape.</exception>
    public UnmergedCheckpoint(ICheckpoint file, LoraConfig config)
    {
        (_file, _scale) = (file, config.Scale());
        List<string> wrong = [];
        foreach (var name in file.Tensors.Keys.Where(n => n.EndsWith(Down, StringComparison.Ordinal) || n.EndsWith(Up, StringComparison.Ordinal)))
        {
            var layer = name[..^Down.Length];
            var whole = new[] { layer + Weight, layer + Down, layer + Up };
            var absent = whole.Where(n => !file.Tensors.ContainsKey(n)).ToArray();
            if (absent.Length > 0)
                wrong.Add($"{name} (without {string.Join(" and ", absent)})");
            else if (_merged.Add(layer + Weight) && Misfit(file, whole, config.R) is { } shapes)
                wrong.Add($"{layer} ({shapes})");
        }
        if (wrong.Count > 0)
            throw new CheckpointException($"'{file.Path}' has adapters that cannot be merged ({wrong.Count}): {string.Join(", ", wrong)}.");
        Tensors = file.Tensors.Where(t => !t.Key.EndsWith(Down, StringComparison.Ordinal) && !t.Key.EndsWith(Up, StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public string Path => _file.Path;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, SafetensorsEntry> Tensors { get; }

    /// <inheritdoc/>
    public Tensor Read(string name, ScalarType? type = null)
    {
        if (!_merged.Contains(name))
            return _file.Read(name, type);
        using var scope = NewDisposeScope();
        return Merged(name).to(type ?? _file.Tensors[name].Type).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void CopyTo(string name, Tensor target)
    {
        if (!_merged.Contains(name))
        {
            _file.CopyTo(name, target);
            return;
        }
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        target.copy_(Merged(name));
    }

    /// <summary>Does nothing: the file belongs to whoever opened it.</summary>
    public void Dispose()
    {
    }

    private Tensor Merged(string name)
    {
        var layer = name[..^Weight.Length];
        Tensor Part(string part) => _file.Read(layer + part, ScalarType.Float32);
        return Part(Weight).addmm(Part(Up), Part(Down), alpha: (float)_scale);
    }

    private static string? Misfit(ICheckpoint file, string[] names, int rank)
    {
        var shapes = names.Select(n => file.Tensors[n].Shape).ToArray();
        var fits = shapes is [[var rows, var columns], [var first, var width], [var height, var second]]
            && first == rank && second == rank && width == columns && height == rows;
        return fits ? null : $"rank {rank}, weight [{string.Join(", ", shapes[0])}], A [{string.Join(", ", shapes[1])}], B [{string.Join(", ", shapes[2])}]";
    }
}
