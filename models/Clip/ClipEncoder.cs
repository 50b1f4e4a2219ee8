using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.Clip;

/// <summary>The stack of layers of a CLIP tower (<c>encoder</c>).</summary>
public sealed class ClipEncoder : nn.Module
{
    private readonly ModuleList<ClipEncoderLayer> layers;

    internal ClipEncoder(ClipLayerSizes sizes, Device? device, ScalarType? dtype)
        : base(nameof(ClipEncoder))
    {
        layers = nn.ModuleList(Enumerable.Range(0, sizes.Layers).Select(_ => new ClipEncoderLayer(sizes, device, dtype)).ToArray());
        RegisterComponents();
    }

    /// <summary>
    /// Finds a hidden state as the published code numbers them: 0 is the embeddings, i the output of the i-th layer;
    /// negative numbers count from the end, so -1 is the last layer's output and -2 the penultimate.
    /// </summary>
    /// <returns>How many layers must run to have it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such state.</exception>
    public int LayersFor(int hiddenState)
    {
        var count = hiddenState < 0 ? layers.Count + 1 + hiddenState : hiddenState;
        if (count < 0 || count > layers.Count)
            throw new ArgumentOutOfRangeException(nameof(hiddenState), hiddenState, $"A tower of {layers.Count} layers has hidden states {-layers.Count - 1} to {layers.Count}.");
        return count;
    }

    /// <summary>Runs the first <paramref name="count"/> layers over [batch, length, width]; the rest costs nothing.</summary>
    public Tensor Forward(Tensor states, int count, Tensor? mask = null, bool causal = false)
    {
        using var scope = NewDisposeScope();
        for (var i = 0; i < count; i++)
            states = layers[i].Forward(states, mask, causal);
        return count == 0 ? states.alias().MoveToOuterDisposeScope() : states.MoveToOuterDisposeScope();
    }
}
