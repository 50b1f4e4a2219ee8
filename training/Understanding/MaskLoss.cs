using static TorchSharp.torch;

namespace FlexEdit.Training.Understanding;

/// <summary>How far a predicted whole mask is from the true one: cross-entropy and Dice (Milletari et al. 2016), as LISA.</summary>
internal static class MaskLoss
{
    /// <summary>The mean over the rows that count.</summary>
    /// <param name="logits">[B, 1, h, w].</param>
    /// <param name="truth">[B, 1, h, w] in 0 to 1.</param>
    /// <param name="counts">0 or 1 for each row, [B]; null counts all.</param>
    public static Tensor Of(Tensor logits, Tensor truth, Tensor? counts = null)
    {
        using var scope = NewDisposeScope();
        var entropy = nn.functional.binary_cross_entropy_with_logits(logits, truth, reduction: nn.Reduction.None).mean([1, 2, 3]);
        var p = logits.sigmoid();
        var dice = 1 - (((2 * (p * truth).sum([1, 2, 3])) + 1) / (p.sum([1, 2, 3]) + truth.sum([1, 2, 3]) + 1));
        var each = entropy + dice;
        return (counts is null ? each.mean() : (each * counts).sum() / counts.sum().clamp_min(1f)).MoveToOuterDisposeScope();
    }

    /// <summary>Mean overlap of the rows that have an object.</summary>
    public static double Overlap(Tensor logits, Tensor truth)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var p = logits.gt(0f).to(float32);
        var t = truth.gt(0.5f).to(float32);
        var both = (p * t).sum([1, 2, 3]);
        var either = p.maximum(t).sum([1, 2, 3]);
        var present = t.sum([1, 2, 3]).gt(0f).to(float32);
        return present.sum().item<float>() == 0 ? double.NaN : ((both / either.clamp_min(1f)) * present).sum().item<float>() / present.sum().item<float>();
    }
}
