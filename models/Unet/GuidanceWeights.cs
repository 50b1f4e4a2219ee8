namespace FlexEdit.Models.Unet;

/// <summary>
/// The weights of the three predictions of a guided step: <c>Full·ε(I, T) + ImageOnly·ε(I, ∅) + None·ε(∅, ∅)</c>. They add up to one.
/// </summary>
/// <param name="Full">Weight of the prediction from image and text.</param>
/// <param name="ImageOnly">Weight of the prediction from the image.</param>
/// <param name="None">Weight of the prediction from neither.</param>
public readonly record struct GuidanceWeights(double Full, double ImageOnly, double None)
{
    /// <summary>The branches that count, in the order of InstructPix2Pix: full, image only, none. At scales of one, a single branch is left.</summary>
    public IReadOnlyList<GuidanceBranch> Branches =>
    [
        .. new[] { (Full, GuidanceBranch.Full), (ImageOnly, GuidanceBranch.ImageOnly), (None, GuidanceBranch.None) }
            .Where(branch => branch.Item1 != 0).Select(branch => branch.Item2),
    ];
}
