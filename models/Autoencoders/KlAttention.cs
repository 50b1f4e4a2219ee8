using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.Autoencoders;

/// <summary>Self-attention of one head over all cells, beside a shortcut (diffusers' <c>Attention</c> as the autoencoder uses it).</summary>
internal sealed class KlAttention : nn.Module<Tensor, Tensor>
{
    private readonly GroupNorm group_norm;
    private readonly Linear to_q;
    private readonly Linear to_k;
    private readonly Linear to_v;
    private readonly ModuleList<Linear> to_out;

    public KlAttention(int channels, int groups, Device? device)
        : base(nameof(KlAttention))
    {
        group_norm = KlLayers.Norm(groups, channels, device);
        to_q = nn.Linear(channels, channels, device: device);
        to_k = nn.Linear(channels, channels, device: device);
        to_v = nn.Linear(channels, channels, device: device);
        to_out = new ModuleList<Linear>(nn.Linear(channels, channels, device: device));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) // [B, c, h, w] -> the same
    {
        using var scope = NewDisposeScope();
        var cells = group_norm.forward(x).flatten(2).transpose(1, 2); // [B, h·w, c]
        // A dimension for the one head, without which the fused kernel is not taken.
        var attended = nn.functional.scaled_dot_product_attention(
            to_q.call(cells).unsqueeze(1), to_k.call(cells).unsqueeze(1), to_v.call(cells).unsqueeze(1)).squeeze(1);
        return (x + to_out[0].call(attended).transpose(1, 2).reshape(x.shape)).MoveToOuterDisposeScope();
    }
}
