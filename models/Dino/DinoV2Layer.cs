using FlexEdit.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.Dino;

/// <summary>A pre-norm transformer layer whose two outputs are scaled channel by channel (Oquab et al. 2023; Touvron et al. 2021, eq. 5).</summary>
internal sealed class DinoV2Layer : nn.Module
{
    private readonly LayerNorm norm1;
    private readonly DinoV2Attention attention;
    private readonly DinoV2LayerScale layer_scale1;
    private readonly LayerNorm norm2;
    private readonly DinoV2Mlp mlp;
    private readonly DinoV2LayerScale layer_scale2;

    public DinoV2Layer(DinoV2Config config, Device? device, ScalarType? dtype)
        : base(nameof(DinoV2Layer))
    {
        norm1 = nn.LayerNorm(config.HiddenSize, config.LayerNormEps, device: device, dtype: dtype);
        attention = new DinoV2Attention(config, device, dtype);
        layer_scale1 = new DinoV2LayerScale(config, device, dtype);
        norm2 = nn.LayerNorm(config.HiddenSize, config.LayerNormEps, device: device, dtype: dtype);
        mlp = new DinoV2Mlp(config, device, dtype);
        layer_scale2 = new DinoV2LayerScale(config, device, dtype);
        RegisterComponents();
    }

    /// <summary>[batch, length, width] to the same shape.</summary>
    public Tensor Forward(Tensor states)
    {
        using var scope = NewDisposeScope();
        var attended = states + layer_scale1.Forward(attention.Forward(norm1.call(states)));
        return (attended + layer_scale2.Forward(mlp.Forward(norm2.call(attended)))).MoveToOuterDisposeScope();
    }
}

/// <summary>Self-attention with its output projection (<c>attention</c>).</summary>
internal sealed class DinoV2Attention : nn.Module
{
    private readonly DinoV2SelfAttention attention;
    private readonly DinoV2AttentionOutput output;

    public DinoV2Attention(DinoV2Config config, Device? device, ScalarType? dtype)
        : base(nameof(DinoV2Attention))
    {
        attention = new DinoV2SelfAttention(config, device, dtype);
        output = new DinoV2AttentionOutput(config, device, dtype);
        RegisterComponents();
    }

    public Tensor Forward(Tensor states) => output.Forward(attention.Forward(states));
}

/// <summary>Queries, keys and values (<c>attention.attention</c>).</summary>
internal sealed class DinoV2SelfAttention : nn.Module
{
    private readonly Linear query;
    private readonly Linear key;
    private readonly Linear value;
    private readonly long _heads;

    public DinoV2SelfAttention(DinoV2Config config, Device? device, ScalarType? dtype)
        : base(nameof(DinoV2SelfAttention))
    {
        _heads = config.NumAttentionHeads;
        query = nn.Linear(config.HiddenSize, config.HiddenSize, config.QkvBias, device, dtype);
        key = nn.Linear(config.HiddenSize, config.HiddenSize, config.QkvBias, device, dtype);
        value = nn.Linear(config.HiddenSize, config.HiddenSize, config.QkvBias, device, dtype);
        RegisterComponents();
    }

    public Tensor Forward(Tensor states) => MultiHeadAttention.Attend(query.call(states), key.call(states), value.call(states), _heads);
}

/// <summary>The projection behind the attention (<c>attention.output</c>).</summary>
internal sealed class DinoV2AttentionOutput : nn.Module
{
    private readonly Linear dense;

    public DinoV2AttentionOutput(DinoV2Config config, Device? device, ScalarType? dtype)
        : base(nameof(DinoV2AttentionOutput))
    {
        dense = nn.Linear(config.HiddenSize, config.HiddenSize, device: device, dtype: dtype);
        RegisterComponents();
    }

    public Tensor Forward(Tensor states) => dense.call(states);
}

/// <summary>A learned factor for every channel (<c>layer_scale</c>).</summary>
internal sealed class DinoV2LayerScale : nn.Module
{
    private readonly Parameter lambda1;

    public DinoV2LayerScale(DinoV2Config config, Device? device, ScalarType? dtype)
        : base(nameof(DinoV2LayerScale))
    {
        lambda1 = nn.Parameter(full([config.HiddenSize], config.LayerscaleValue, dtype ?? ScalarType.Float32, device));
        RegisterComponents();
    }

    public Tensor Forward(Tensor states) => states * lambda1;
}

/// <summary>The feed-forward part (<c>mlp</c>).</summary>
internal sealed class DinoV2Mlp : nn.Module
{
    private readonly Linear fc1;
    private readonly Linear fc2;
    private readonly Func<Tensor, Tensor> _activation;

    public DinoV2Mlp(DinoV2Config config, Device? device, ScalarType? dtype)
        : base(nameof(DinoV2Mlp))
    {
        _activation = Activation.Named(config.HiddenAct);
        fc1 = nn.Linear(config.HiddenSize, config.HiddenSize * config.MlpRatio, device: device, dtype: dtype);
        fc2 = nn.Linear(config.HiddenSize * config.MlpRatio, config.HiddenSize, device: device, dtype: dtype);
        RegisterComponents();
    }

    public Tensor Forward(Tensor states) => fc2.call(_activation(fc1.call(states)));
}
