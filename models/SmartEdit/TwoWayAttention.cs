using FlexEdit.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.SmartEdit;

/// <summary>Attention whose inner width may be narrower than its states (Kirillov et al. 2023, appendix A).</summary>
internal sealed class TwoWayAttention : nn.Module
{
    private readonly Linear q_proj;
    private readonly Linear k_proj;
    private readonly Linear v_proj;
    private readonly Linear out_proj;
    private readonly long _heads;

    public TwoWayAttention(InteractionConfig config, int downsample, Device? device)
        : base(nameof(TwoWayAttention))
    {
        _heads = config.Heads;
        var inner = config.Width / downsample;
        q_proj = nn.Linear(config.Width, inner, device: device);
        k_proj = nn.Linear(config.Width, inner, device: device);
        v_proj = nn.Linear(config.Width, inner, device: device);
        out_proj = nn.Linear(inner, config.Width, device: device);
        RegisterComponents();
    }

    /// <summary>[batch, length, width] looks at [batch, keys, width].</summary>
    public Tensor Forward(Tensor query, Tensor key, Tensor value) =>
        out_proj.call(MultiHeadAttention.Attend(q_proj.call(query), k_proj.call(key), v_proj.call(value), _heads));
}
