using static TorchSharp.torch;

namespace FlexEdit.Training.Understanding;

/// <summary>
/// Cross-entropy that has the language model's own words read off the picture's patches: those of the marked object say its name, all others nothing.
/// It tells what is marked and what it is in the space in which the answer is written, so that the answer only has to copy it; without it that takes many times the examples.
/// </summary>
internal static class PatchLoss
{
    // Shares of a patch that the object covers, below and above which it is nothing or the object.
    private const float Nothing = 0.02f, Object = 0.4f;

    /// <summary>The mean over the object's patches and the mean over the others, half each.</summary>
    /// <param name="scores">Scores of the words at every patch, [B, P, V].</param>
    /// <param name="fullMask">Opacity of the marked object, [B, 1, R, R].</param>
    /// <param name="names">First token of its name, [B].</param>
    /// <param name="nothing">The token for nothing.</param>
    public static Tensor Of(Tensor scores, Tensor fullMask, Tensor names, long nothing)
    {
        using var scope = NewDisposeScope();
        var grid = (long)Math.Sqrt(scores.shape[1]);
        var covered = nn.functional.adaptive_avg_pool2d(fullMask, [grid, grid]).flatten(1); // [B, P]
        var marked = covered.gt(Object).to(float32);
        var empty = covered.lt(Nothing).to(float32);
        var wanted = where(covered.gt(Object), names.unsqueeze(1), full_like(names, nothing).unsqueeze(1));
        var losses = nn.functional.cross_entropy(scores.to(float32).flatten(0, 1), wanted.flatten(), reduction: nn.Reduction.None).view(covered.shape);
        var mean = ((losses * marked).sum() / marked.sum().clamp_min(1f)) + ((losses * empty).sum() / empty.sum().clamp_min(1f));
        return (mean * 0.5f).MoveToOuterDisposeScope();
    }
}
