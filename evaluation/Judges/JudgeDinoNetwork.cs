using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Evaluation.Judges;

/// <summary>The network of <c>judge-dino</c>: pictures of the synthetic world, trained without labels by self-distillation (Caron et al. 2021).</summary>
public sealed class JudgeDinoNetwork : nn.Module
{
    private readonly JudgeTrunk trunk;
    private readonly LayerNorm norm;

    /// <summary>Builds the network; its weights are random until they are loaded.</summary>
    public JudgeDinoNetwork()
        : base(nameof(JudgeDinoNetwork))
    {
        trunk = new JudgeTrunk();
        norm = nn.LayerNorm(JudgeTrunk.Width);
        RegisterComponents();
    }

    /// <summary>Pictures, [batch, 3, H, W] in [-1, 1], as one vector each: [batch, <see cref="JudgeTrunk.Width"/>].</summary>
    public Tensor Embed(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        return norm.call(trunk.Pool(pixels)).MoveToOuterDisposeScope();
    }
}
