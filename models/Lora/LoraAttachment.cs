using FlexEdit.Models.Layers;
using static TorchSharp.torch;

namespace FlexEdit.Models.Lora;

/// <summary>
/// An adapter beside a network's weights: every layer's output gets scale · up(down(input)) more, in the layer's own type. Several may be
/// attached at once. Gradients reach the factors, so that an adapter can be trained this way. Disposing takes it off again, exactly.
/// </summary>
public sealed class LoraAttachment : IDisposable
{
    private readonly List<IDisposable> _hooks = [];

    /// <summary>Attaches an adapter, which must live as long as this.</summary>
    /// <param name="network">The network.</param>
    /// <param name="adapter">The updates.</param>
    /// <param name="strength">What they are multiplied by; 1 as trained.</param>
    /// <exception cref="ArgumentException">The network lacks one of the adapter's layers; nothing was attached.</exception>
    public LoraAttachment(nn.Module network, LoraAdapter adapter, double strength = 1)
    {
        Strength = strength;
        var layers = network.named_modules().ToDictionary(m => m.name, m => m.module, StringComparer.Ordinal);
        foreach (var layer in adapter.Updates.Keys)
        {
            if (!layers.TryGetValue(layer, out var module) || LoraReader.Weight(module) is null)
                throw new ArgumentException($"The network has no linear layer or convolution '{layer}'.", nameof(adapter));
        }
        foreach (var update in adapter.Updates.Values)
            _hooks.Add(Hook((nn.Module<Tensor, Tensor>)layers[update.Module], update));
    }

    /// <summary>What the updates are multiplied by; may be changed between two passes.</summary>
    public double Strength { get; set; }

    /// <summary>Takes the adapter off.</summary>
    public void Dispose()
    {
        foreach (var hook in _hooks)
            hook.Dispose();
        _hooks.Clear();
    }

    private HookRemover Hook(nn.Module<Tensor, Tensor> layer, LoraUpdate update) => new(layer.register_forward_hook((module, input, output) =>
    {
        using var scope = NewDisposeScope();
        var (down, up) = (update.Down.to(input.dtype).to(input.device), update.Up.to(input.dtype).to(input.device));
        var more = module is SquareConv2d convolution
            ? SquareConv2d.Apply(SquareConv2d.Apply(input, down, null, convolution.Stride, convolution.Padding), up, null, [1, 1], [0, 0])
            : nn.functional.linear(nn.functional.linear(input, down), up);
        return (output + (more * (update.Scale * Strength))).MoveToOuterDisposeScope();
    }));

    private sealed class HookRemover(nn.Module<Tensor, Tensor>.HookRemover hook) : IDisposable
    {
        public void Dispose() => hook.remove();
    }
}
