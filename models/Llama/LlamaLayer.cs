using FlexEdit.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.Llama;

/// <summary>A pre-norm layer of LLaMA (Touvron et al. 2023, section 2.2).</summary>
internal sealed class LlamaLayer : nn.Module
{
    private readonly LlamaAttention self_attn;
    private readonly LlamaMlp mlp;
    private readonly RmsNorm input_layernorm;
    private readonly RmsNorm post_attention_layernorm;

    public LlamaLayer(LlamaConfig config, int layer, Device? device, ScalarType? dtype)
        : base(nameof(LlamaLayer))
    {
        self_attn = new LlamaAttention(config, layer, device, dtype);
        mlp = new LlamaMlp(config, device, dtype);
        input_layernorm = new RmsNorm(config.HiddenSize, config.RmsNormEps, device, dtype);
        post_attention_layernorm = new RmsNorm(config.HiddenSize, config.RmsNormEps, device, dtype);
        RegisterComponents();
    }

    /// <summary>[batch, length, width] to the same shape.</summary>
    public Tensor Forward(Tensor states, RotaryPositions positions, Tensor? mask, KeyValueCache? cache)
    {
        using var scope = NewDisposeScope();
        var attended = states + self_attn.Forward(input_layernorm.Forward(states), positions, mask, cache);
        return (attended + mlp.Forward(post_attention_layernorm.Forward(attended))).MoveToOuterDisposeScope();
    }
}

/// <summary>The gated feed-forward part (SwiGLU; Shazeer 2020, eq. 6).</summary>
internal sealed class LlamaMlp : nn.Module
{
    private readonly Linear gate_proj;
    private readonly Linear up_proj;
    private readonly Linear down_proj;
    private readonly Func<Tensor, Tensor> _activation;

    public LlamaMlp(LlamaConfig config, Device? device, ScalarType? dtype)
        : base(nameof(LlamaMlp))
    {
        _activation = Activation.Named(config.HiddenAct);
        gate_proj = nn.Linear(config.HiddenSize, config.IntermediateSize, config.MlpBias, device, dtype);
        up_proj = nn.Linear(config.HiddenSize, config.IntermediateSize, config.MlpBias, device, dtype);
        down_proj = nn.Linear(config.IntermediateSize, config.HiddenSize, config.MlpBias, device, dtype);
        RegisterComponents();
    }

    public Tensor Forward(Tensor states) => down_proj.call(_activation(gate_proj.call(states)) * up_proj.call(states));
}

/// <summary>Divides by the root of the mean square, computed in fp32 (Zhang and Sennrich 2019, eq. 4).</summary>
internal sealed class RmsNorm : nn.Module
{
    private readonly Parameter weight;
    private readonly double _epsilon;

    public RmsNorm(int width, double epsilon, Device? device, ScalarType? dtype)
        : base(nameof(RmsNorm))
    {
        _epsilon = epsilon;
        weight = nn.Parameter(ones(width, dtype ?? ScalarType.Float32, device));
        RegisterComponents();
    }

    public Tensor Forward(Tensor states)
    {
        using var scope = NewDisposeScope();
        var wide = states.to(ScalarType.Float32);
        var scale = (wide.square().mean([-1], keepdim: true) + _epsilon).rsqrt();
        return (weight * (wide * scale).to(states.dtype)).MoveToOuterDisposeScope();
    }
}
