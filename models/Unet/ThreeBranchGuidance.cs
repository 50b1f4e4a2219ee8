using static TorchSharp.torch;

namespace FlexEdit.Models.Unet;

/// <summary>
/// Classifier-free guidance with a text and an image scale (InstructPix2Pix, section 3.2.1, eq. 3):
/// ε̂ = ε(∅,∅) + s_I·(ε(I,∅) − ε(∅,∅)) + s_T·(ε(I,T) − ε(I,∅)). It is linear, so the same weights serve noise, velocity and clean-sample predictions.
/// </summary>
public static class ThreeBranchGuidance
{
    /// <summary>The weight of each prediction. Those of zero need not be computed; see <see cref="GuidanceWeights.Branches"/>.</summary>
    /// <param name="textScale">s_T, 0 or more; 1 is no guidance.</param>
    /// <param name="imageScale">s_I, 0 or more; 1 is no guidance.</param>
    public static GuidanceWeights Weights(double textScale, double imageScale) => new(textScale, imageScale - textScale, 1 - imageScale);

    /// <summary>Combines the predictions of a step.</summary>
    /// <param name="full">ε(I, T); may be null where its weight is zero, as may the others.</param>
    /// <param name="imageOnly">ε(I, ∅).</param>
    /// <param name="none">ε(∅, ∅).</param>
    /// <param name="textScale">s_T.</param>
    /// <param name="imageScale">s_I.</param>
    /// <returns>ε̂, of the predictions' shape and type.</returns>
    /// <exception cref="ArgumentException">A prediction with a weight is missing.</exception>
    public static Tensor Combine(Tensor? full, Tensor? imageOnly, Tensor? none, double textScale, double imageScale)
    {
        using var scope = NewDisposeScope();
        var weights = Weights(textScale, imageScale);
        Tensor? sum = null;
        foreach (var (weight, prediction, name) in new[] { (weights.Full, full, nameof(full)), (weights.ImageOnly, imageOnly, nameof(imageOnly)), (weights.None, none, nameof(none)) })
        {
            if (weight == 0)
                continue;
            if (prediction is null)
                throw new ArgumentException($"At scales {textScale} and {imageScale} the prediction has the weight {weight} and is needed.", name);
            var part = prediction * weight;
            sum = sum is null ? part : sum + part;
        }
        return sum!.MoveToOuterDisposeScope();
    }

    /// <summary>Combines the predictions of a step that are rows of one batch.</summary>
    /// <param name="predictions">A row for each of the branches that count, in their order.</param>
    /// <param name="textScale">s_T.</param>
    /// <param name="imageScale">s_I.</param>
    /// <returns>ε̂, [1, C, h, w].</returns>
    public static Tensor Combine(Tensor predictions, double textScale, double imageScale)
    {
        using var scope = NewDisposeScope();
        var branches = Weights(textScale, imageScale).Branches;
        return Combine(Of(GuidanceBranch.Full), Of(GuidanceBranch.ImageOnly), Of(GuidanceBranch.None), textScale, imageScale).MoveToOuterDisposeScope();

        Tensor? Of(GuidanceBranch branch)
        {
            for (var i = 0; i < branches.Count; i++)
                if (branches[i] == branch)
                    return predictions.narrow(0, i, 1);
            return null;
        }
    }
}
