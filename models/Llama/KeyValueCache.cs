using static TorchSharp.torch;

namespace FlexEdit.Models.Llama;

/// <summary>
/// Keys and values of the tokens that a language model has read, so that the next forward pass computes only what is new.
/// For inference only. Dispose releases the memory. Not thread-safe.
/// </summary>
public sealed class KeyValueCache : IDisposable
{
    private const long Granularity = 64;
    private readonly Dictionary<int, (Tensor Keys, Tensor Values)> _layers = [];

    /// <summary>Tokens held, paddings included.</summary>
    public long Length { get; private set; }

    /// <summary>Forgets what came after the first <paramref name="length"/> tokens, so that a shared beginning is read once.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or more than <see cref="Length"/>.</exception>
    public void Truncate(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        Length = length;
    }

    /// <summary>Adds one layer's keys and values, [batch, heads, new, size] each, and gives all that the layer has. <see cref="Advance"/> follows when every layer has done so.</summary>
    /// <exception cref="InvalidOperationException">Gradients are recorded.</exception>
    /// <exception cref="ArgumentException">The batch has another size than what is held.</exception>
    internal (Tensor Keys, Tensor Values) Append(int layer, Tensor keys, Tensor values)
    {
        if (is_grad_enabled())
            throw new InvalidOperationException("A key-value cache keeps no gradients; use it under no_grad.");
        var end = Length + keys.shape[2];
        var known = _layers.TryGetValue(layer, out var held);
        if (known && Length > 0 && held.Keys.shape[0] != keys.shape[0])
            throw new ArgumentException($"The cache holds {held.Keys.shape[0]} sequences; {keys.shape[0]} are given.", nameof(keys));
        if (!known || held.Keys.shape[0] != keys.shape[0] || held.Keys.shape[2] < end)
        {
            var capacity = Math.Max(end, 2 * Length);
            capacity = (capacity + Granularity - 1) / Granularity * Granularity;
            var grown = (Grow(held.Keys, keys, capacity), Grow(held.Values, values, capacity));
            held.Keys?.Dispose();
            held.Values?.Dispose();
            held = _layers[layer] = grown;
        }
        held.Keys.narrow(2, Length, keys.shape[2]).copy_(keys);
        held.Values.narrow(2, Length, values.shape[2]).copy_(values);
        return (held.Keys.narrow(2, 0, end), held.Values.narrow(2, 0, end));
    }

    internal void Advance(long count) => Length += count;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (keys, values) in _layers.Values)
        {
            keys.Dispose();
            values.Dispose();
        }
        _layers.Clear();
        Length = 0;
    }

    private Tensor Grow(Tensor? held, Tensor like, long capacity)
    {
        var room = empty([like.shape[0], like.shape[1], capacity, like.shape[3]], like.dtype, like.device).DetachFromDisposeScope();
        if (held is not null && Length > 0)
            room.narrow(2, 0, Length).copy_(held.narrow(2, 0, Length));
        return room;
    }
}
