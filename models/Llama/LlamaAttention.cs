using FlexEdit.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.Llama;

/// <summary>Causal self-attention with rotary positions and, where configured, fewer key and value heads than query heads (Ainslie et al. 2023).</summary>
internal sealed class LlamaAttention : nn.Module
{
    private readonly Linear q_proj;
    private readonly Linear k_proj;
    private readonly Linear v_proj;
    private readonly Linear o_proj;
    private readonly int _layer;
    private readonly int _heads;
    private readonly int _keyValueHeads;

    public LlamaAttention(LlamaConfig config, int layer, Device? device, ScalarType? dtype)
        : base(nameof(LlamaAttention))
    {
        _layer = layer;
        _heads = config.NumAttentionHeads;
        _keyValueHeads = config.KeyValueHeads();
        var queries = _heads * config.HeadWidth();
        var keys = _keyValueHeads * config.HeadWidth();
        q_proj = nn.Linear(config.HiddenSize, queries, config.AttentionBias, device, dtype);
        k_proj = nn.Linear(config.HiddenSize, keys, config.AttentionBias, device, dtype);
        v_proj = nn.Linear(config.HiddenSize, keys, config.AttentionBias, device, dtype);
        o_proj = nn.Linear(queries, config.HiddenSize, config.AttentionBias, device, dtype);
        RegisterComponents();
    }

    /// <summary>[batch, length, width] to the same shape.</summary>
    public Tensor Forward(Tensor states, RotaryPositions positions, Tensor? mask, KeyValueCache? cache)
    {
        var queries = positions.Rotate(MultiHeadAttention.Split(q_proj.call(states), _heads));
        var keys = positions.Rotate(MultiHeadAttention.Split(k_proj.call(states), _keyValueHeads));
        var values = MultiHeadAttention.Split(v_proj.call(states), _keyValueHeads);
        if (cache is not null)
            (keys, values) = cache.Append(_layer, keys, values);
        var causal = mask is null && queries.shape[2] > 1;
        var attended = MultiHeadAttention.AttendHeads(queries, Repeat(keys), Repeat(values), mask, causal);
        return o_proj.call(MultiHeadAttention.Join(attended));
    }

    /// <summary>Gives every query head its group's keys or values.</summary>
    private Tensor Repeat(Tensor x) =>
        _heads == _keyValueHeads ? x : x.repeat_interleave(_heads / _keyValueHeads, 1);
}
