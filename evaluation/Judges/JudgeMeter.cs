using FlexEdit.Evaluation.Metrics;
using FlexEdit.Imaging.Pixels;
using static TorchSharp.torch;

namespace FlexEdit.Evaluation.Judges;

/// <summary>
/// <c>judge-lpips</c>: the formula of LPIPS (Zhang et al. 2018, eq. 1) on the three maps of <c>judge-clip</c>, every channel weighing the same, as in the
/// paper's networks without learned weights. Its numbers cannot be compared with those of the published LPIPS.
/// </summary>
/// <param name="trunk">Belongs to the judge, which is disposed of by its owner.</param>
public sealed class JudgeMeter(JudgeTrunk trunk) : IPerceptualMeter
{
    /// <inheritdoc/>
    public string Name => "judge-lpips";

    /// <inheritdoc/>
    public double Distance(RgbImage first, RgbImage second)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var (ours, theirs) = (trunk.Maps(JudgePictures.ToTensor(first)), trunk.Maps(JudgePictures.ToTensor(second)));
        var sum = 0.0;
        for (var i = 0; i < ours.Count; i++)
            sum += (Unit(ours[i]) - Unit(theirs[i])).square().sum([1L]).mean().item<float>();
        return sum;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private static Tensor Unit(Tensor map) => map / (map.square().sum(1, keepdim: true).sqrt() + 1e-10f);
}
