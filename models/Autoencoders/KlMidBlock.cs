using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.Autoencoders;

/// <summary>Residual block, attention where there is one, residual block (diffusers' <c>UNetMidBlock2D</c>).</summary>
internal sealed class KlMidBlock : nn.Module<Tensor, Tensor>
{
    private readonly ModuleList<KlAttention> attentions;
    private readonly ModuleList<KlResnetBlock> resnets;

    public KlMidBlock(int channels, AutoencoderKLConfig config, Device? device)
        : base(nameof(KlMidBlock))
    {
        attentions = new ModuleList<KlAttention>(config.MidBlockAddAttention ? [new KlAttention(channels, config.NormNumGroups, device)] : []);
        resnets = KlResnetBlock.Row(2, channels, channels, config.NormNumGroups, device);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) // [B, c, h, w] -> the same
    {
        using var scope = NewDisposeScope();
        var hidden = resnets[0].forward(x);
        foreach (var attention in attentions)
            hidden = attention.forward(hidden);
        return resnets[1].forward(hidden).MoveToOuterDisposeScope();
    }
}
