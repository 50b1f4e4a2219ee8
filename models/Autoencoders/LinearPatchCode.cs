using TorchSharp;
using static TorchSharp.torch;

namespace FlexEdit.Models.Autoencoders;

/// <summary>
/// The principal components of a world's 8x8 patches, each patch a vector of 192 numbers in the order of
/// <c>pixel_unshuffle(8)</c> (colour, row, column). Projection on the first C components is the linear code of C
/// numbers per patch with the smallest squared error (Pearson 1901; Eckart and Young 1936).
/// </summary>
/// <param name="Mean">[192] float64: the mean patch.</param>
/// <param name="Components">[C, 192] float64: orthonormal rows, largest variance first, each one's largest entry positive.</param>
/// <param name="Variances">[C] float64: variance of the projection on each component.</param>
/// <param name="TotalVariance">Sum of the variances of all 192 numbers; what the kept ones lack of it is the expected squared error.</param>
public sealed record LinearPatchCode(Tensor Mean, Tensor Components, Tensor Variances, double TotalVariance)
{
    /// <summary>Side of a patch in pixels.</summary>
    public const int PatchSide = 8;

    /// <summary>Numbers in a patch.</summary>
    public const int PatchLength = 3 * PatchSide * PatchSide;

    // A component that hardly varies would otherwise be blown up without limit. Rounding to 8 bits alone gives 5e-6 in [-1, 1].
    internal const double SmallestVariance = 1e-6;

    /// <summary>Components kept.</summary>
    public int Channels => (int)Components.shape[0];

    /// <summary>Expected peak signal-to-noise ratio of the code on the fitted pictures, in dB.</summary>
    public double ExpectedPsnr
    {
        get
        {
            using var kept = Variances.sum();
            var error = Math.Max(TotalVariance - kept.ToDouble(), 1e-12) / PatchLength;
            return 10 * Math.Log10(4 / error);
        }
    }

    /// <summary>Finds the components; see <see cref="PatchAutoencoder.FitLinearCode"/>.</summary>
    internal static LinearPatchCode Fit(IEnumerable<Tensor> batches, int channels)
    {
        if (channels is < 1 or > PatchLength)
            throw new ArgumentOutOfRangeException(nameof(channels), channels, $"A patch has between 1 and {PatchLength} components.");
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var sum = zeros(PatchLength, float64);
        var products = zeros(PatchLength, PatchLength, float64);
        long count = 0;
        foreach (var batch in batches)
        {
            using var inner = NewDisposeScope();
            AutoencoderShapes.RequireImages(batch, PatchSide);
            var patches = nn.functional.pixel_unshuffle(batch.to(float64).cpu(), PatchSide) // [B, 192, h, w]
                .permute(0, 2, 3, 1).reshape(-1, PatchLength);
            sum.add_(patches.sum(dim: 0)); // a bare 0 would be taken for a scalar type
            products.add_(patches.t().matmul(patches));
            count += patches.shape[0];
        }
        if (count < 2)
            throw new ArgumentException("At least two patches are needed to find components.", nameof(batches));

        var mean = sum / count;
        var covariance = (products / count) - outer(mean, mean); // [192, 192]
        var (values, vectors) = linalg.eigh(covariance); // ascending; vectors in columns
        var components = vectors.t().flip(0).narrow(0, 0, channels); // [C, 192]
        var largest = components.gather(1, components.abs().argmax(1, keepdim: true));
        components = (components * largest.sign()).contiguous();
        var variances = values.flip(0).narrow(0, 0, channels).clamp_min(0).contiguous();
        return new LinearPatchCode(mean.MoveToOuterDisposeScope(), components.MoveToOuterDisposeScope(),
            variances.MoveToOuterDisposeScope(), values.sum().ToDouble());
    }
}
