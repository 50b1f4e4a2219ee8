using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.Lora;

/// <summary>Joins the parts of each layer's update, and checks them against the network before anything is read.</summary>
internal static class LoraReader
{
    public static LoraAdapter Read(
        nn.Module network, SafetensorsFile file, string? prefix, Func<string, (string Layer, LoraPart Part)?> split,
        Func<string, string> inNetwork, Func<(string Published, long Rank), double> scale)
    {
        List<string> wrong = [];
        var parts = new SortedDictionary<string, Dictionary<LoraPart, SafetensorsEntry>>(StringComparer.Ordinal);
        foreach (var entry in file.Tensors.Values.Where(entry => entry.Name.StartsWith(prefix ?? "", StringComparison.Ordinal)))
        {
            if (split(entry.Name[(prefix?.Length ?? 0)..]) is not var (layer, part))
                wrong.Add($"{entry.Name} is no part of a LoRA update");
            else if (!(parts.TryGetValue(layer, out var own) ? own : parts[layer] = []).TryAdd(part, entry))
                wrong.Add($"{layer} has a part twice");
        }
        if (parts.Count == 0 && wrong.Count == 0)
            wrong.Add("it has no update");

        var layers = network.named_modules().ToDictionary(m => m.name, m => m.module, StringComparer.Ordinal);
        List<(string Layer, string Module)> sound = [];
        foreach (var (layer, own) in parts)
        {
            if (Problem(layers, layer, inNetwork(layer), own) is { } problem)
                wrong.Add(problem);
            else
                sound.Add((layer, inNetwork(layer)));
        }
        if (wrong.Count > 0)
            throw new CheckpointException($"'{file.Path}' does not fit the network: {string.Join("; ", wrong)}.");
        return new LoraAdapter(sound.Select(names => new LoraUpdate(
            names.Module, file.Read(parts[names.Layer][LoraPart.Down].Name), file.Read(parts[names.Layer][LoraPart.Up].Name),
            scale((names.Layer, parts[names.Layer][LoraPart.Down].Shape[0])))).ToArray());
    }

    private static string? Problem(Dictionary<string, nn.Module> layers, string layer, string module, Dictionary<LoraPart, SafetensorsEntry> parts)
    {
        if (!layers.TryGetValue(module, out var target))
            return $"the network has no layer '{module}'";
        if (Weight(target) is not { } weight)
            return $"'{module}' is neither a linear layer nor a convolution";
        if (!parts.TryGetValue(LoraPart.Down, out var down) || !parts.TryGetValue(LoraPart.Up, out var up))
            return $"'{layer}' lacks one of its two factors";
        var fits = down.Shape.Count == weight.shape.Length && up.Shape.Count == weight.shape.Length && down.Shape[0] == up.Shape[1] && up.Shape[0] == weight.shape[0]
            && down.Shape.Skip(1).SequenceEqual(weight.shape.Skip(1)) && up.Shape.Skip(2).All(side => side == 1);
        return fits ? null : $"'{layer}' has factors [{string.Join(", ", down.Shape)}] and [{string.Join(", ", up.Shape)}] for a weight of [{string.Join(", ", weight.shape)}]";
    }

    /// <summary>The weight that an update is added to; null for layers without.</summary>
    public static Tensor? Weight(nn.Module module) => module switch
    {
        Linear linear => linear.weight,
        SquareConv2d convolution => convolution.Weight,
        _ => null,
    };
}
