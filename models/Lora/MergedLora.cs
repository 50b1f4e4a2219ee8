using static TorchSharp.torch;

namespace FlexEdit.Models.Lora;

/// <summary>
/// Adapters within a network's weights, which then compute no slower than before. The weights they touch are kept as they were, so that
/// taking one out is exact in every number type, whichever others are in. Not thread-safe; the network must not run meanwhile.
/// </summary>
public sealed class MergedLora(nn.Module network) : IDisposable
{
    private readonly Dictionary<string, (LoraAdapter Adapter, double Strength)> _active = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (Tensor Weight, Tensor Original)> _touched = new(StringComparer.Ordinal);

    /// <summary>The names of the adapters that are in.</summary>
    public IReadOnlyCollection<string> Active => _active.Keys;

    /// <summary>Puts an adapter in, or changes its strength. It must live as long as it is in.</summary>
    /// <param name="name">What to call it.</param>
    /// <param name="adapter">The updates.</param>
    /// <param name="strength">What they are multiplied by; 1 as trained.</param>
    /// <exception cref="ArgumentException">The network lacks one of the adapter's layers; nothing was changed.</exception>
    public void Set(string name, LoraAdapter adapter, double strength = 1)
    {
        var layers = network.named_modules().ToDictionary(m => m.name, m => m.module, StringComparer.Ordinal);
        var weights = adapter.Updates.Keys.ToDictionary(layer => layer, layer => layers.TryGetValue(layer, out var module) && LoraReader.Weight(module) is { } weight
            ? weight
            : throw new ArgumentException($"The network has no linear layer or convolution '{layer}'.", nameof(adapter)));
        var before = _active.TryGetValue(name, out var old) ? old.Adapter.Updates.Keys : [];
        foreach (var (layer, weight) in weights)
        {
            if (!_touched.ContainsKey(layer))
                _touched.Add(layer, (weight, weight.detach().clone().DetachFromDisposeScope()));
        }
        _active[name] = (adapter, strength);
        Refresh(weights.Keys.Concat(before));
    }

    /// <summary>Takes an adapter out; false when it was not in.</summary>
    public bool Remove(string name)
    {
        if (!_active.Remove(name, out var removed))
            return false;
        Refresh(removed.Adapter.Updates.Keys);
        return true;
    }

    /// <summary>Takes all adapters out.</summary>
    public void Clear()
    {
        foreach (var name in _active.Keys.ToArray())
            Remove(name);
    }

    /// <summary>Leaves the weights as they are now and forgets what they were.</summary>
    public void Dispose()
    {
        foreach (var (_, original) in _touched.Values)
            original.Dispose();
        _touched.Clear();
        _active.Clear();
    }

    private void Refresh(IEnumerable<string> layers)
    {
        using var noGrad = no_grad();
        foreach (var layer in layers.Distinct().ToArray())
        {
            using var scope = NewDisposeScope();
            var (weight, original) = _touched[layer];
            var sum = original.to(ScalarType.Float32);
            foreach (var (adapter, strength) in _active.Values)
            {
                if (adapter.Updates.TryGetValue(layer, out var update))
                    sum = sum + (update.Delta().to(sum.device) * strength);
            }
            weight.copy_(sum);
        }
    }
}
