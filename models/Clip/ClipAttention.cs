using FlexEdit.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.Clip;

/// <summary>Self-attention of a CLIP layer (<c>self_attn</c>).</summary>
public sealed class ClipAttention : nn.Module
{
    private readonly Linear k_proj;
    private readonly Linear v_proj;
    private readonly Linear q_proj;
    private readonly Linear out_proj;
    private readonly long _heads;

    internal ClipAttention(ClipLayerSizes sizes, Device? device, ScalarType? dtype)
        : base(nameof(ClipAttention))
    {
        _heads = sizes.Heads;
        k_proj = nn.Linear(sizes.Width, sizes.Width, device: device, dtype: dtype);
        v_proj = nn.Linear(sizes.Width, sizes.Width, device: device, dtype: dtype);
        q_proj = nn.Linear(sizes.Width, sizes.Width, device: device, dtype: dtype);
        out_proj = nn.Linear(sizes.Width, sizes.Width, device: device, dtype: dtype);
        RegisterComponents();
    }

    /// <summary>[batch, length, width] to the same shape. <paramref name="mask"/> is true where a query may look; see <see cref="MultiHeadAttention.Attend"/>.</summary>
    public Tensor Forward(Tensor states, Tensor? mask, bool causal)
    {
        var attended = MultiHeadAttention.Attend(q_proj.call(states), k_proj.call(states), v_proj.call(states), _heads, mask, causal);
        return out_proj.call(attended);
    }
}
