using FlexEdit.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.Clip;

/// <summary>Sizes that the layers of both CLIP towers share.</summary>
internal sealed record ClipLayerSizes(int Width, int Intermediate, int Layers, int Heads, string Activation, double Epsilon);

/// <summary>A pre-norm transformer layer of CLIP (Radford et al. 2021, section 2.4).</summary>
public sealed class ClipEncoderLayer : nn.Module
{
    private readonly ClipAttention self_attn;
    private readonly LayerNorm layer_norm1;
    private readonly ClipMlp mlp;
    private readonly LayerNorm layer_norm2;

    internal ClipEncoderLayer(ClipLayerSizes sizes, Device? device, ScalarType? dtype)
        : base(nameof(ClipEncoderLayer))
    {
        self_attn = new ClipAttention(sizes, device, dtype);
        layer_norm1 = nn.LayerNorm(sizes.Width, sizes.Epsilon, device: device, dtype: dtype);
        mlp = new ClipMlp(sizes, device, dtype);
        layer_norm2 = nn.LayerNorm(sizes.Width, sizes.Epsilon, device: device, dtype: dtype);
        RegisterComponents();
    }

    /// <summary>[batch, length, width] to the same shape.</summary>
    public Tensor Forward(Tensor states, Tensor? mask, bool causal)
    {
        using var scope = NewDisposeScope();
        var attended = states + self_attn.Forward(layer_norm1.call(states), mask, causal);
        return (attended + mlp.Forward(layer_norm2.call(attended))).MoveToOuterDisposeScope();
    }
}

/// <summary>The feed-forward part of a CLIP layer (<c>mlp</c>).</summary>
public sealed class ClipMlp : nn.Module
{
    private readonly Linear fc1;
    private readonly Linear fc2;
    private readonly Func<Tensor, Tensor> _activation;

    internal ClipMlp(ClipLayerSizes sizes, Device? device, ScalarType? dtype)
        : base(nameof(ClipMlp))
    {
        _activation = Activation.Named(sizes.Activation);
        fc1 = nn.Linear(sizes.Width, sizes.Intermediate, device: device, dtype: dtype);
        fc2 = nn.Linear(sizes.Intermediate, sizes.Width, device: device, dtype: dtype);
        RegisterComponents();
    }

    /// <summary>[batch, length, width] to the same shape.</summary>
    public Tensor Forward(Tensor states) => fc2.call(_activation(fc1.call(states)));
}
