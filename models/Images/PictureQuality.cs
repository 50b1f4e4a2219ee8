using static TorchSharp.torch;

namespace FlexEdit.Models.Images;

/// <summary>How alike two pictures are, computed in float64. Pictures are [3, H, W] (any number of channels) of equal shape.</summary>
public static class PictureQuality
{
    /// <summary>Peak signal-to-noise ratio in dB, 10·log10(peak²/MSE); infinite for equal pictures.</summary>
    /// <param name="first">A picture.</param>
    /// <param name="second">A picture of the same shape.</param>
    /// <param name="peak">Width of the range of values: 255 for bytes, 2 for [-1, 1].</param>
    /// <param name="region">[H, W], not zero where the pictures are compared; null for everywhere.</param>
    /// <exception cref="ArgumentException">Shapes differ, or the region is empty.</exception>
    public static double Psnr(Tensor first, Tensor second, double peak, Tensor? region = null)
    {
        RequireEqualShapes(first, second);
        using var scope = NewDisposeScope();
        var error = (first.to(float64) - second.to(float64)).square(); // [3, H, W]
        if (region is not null)
        {
            if (!region.shape.AsSpan().SequenceEqual(first.shape.AsSpan(1)))
                throw new ArgumentException($"A region of shape [{string.Join(", ", region.shape)}] does not fit pictures of shape [{string.Join(", ", first.shape)}].", nameof(region));
            error = error.masked_select(region.to(ScalarType.Bool).unsqueeze(0));
        }
        if (error.NumberOfElements == 0)
            throw new ArgumentException("The region is empty.", nameof(region));
        return 10 * Math.Log10(peak * peak / error.mean().item<double>());
    }

    /// <summary>
    /// Structural similarity (Wang et al. 2004, equation 13, K1 = 0.01, K2 = 0.03) with the paper's 11x11 Gaussian window of σ = 1.5,
    /// averaged over all positions where the window fits and over channels; 1 for equal pictures.
    /// </summary>
    /// <inheritdoc cref="Psnr"/>
    public static double SsimGaussian(Tensor first, Tensor second, double peak)
    {
        const int radius = 5;
        double[] profile = [.. Enumerable.Range(-radius, (2 * radius) + 1).Select(i => Math.Exp(-i * i / (2 * 1.5 * 1.5)))];
        return Ssim(first, second, peak, [.. profile.Select(p => p / profile.Sum())], covarianceFactor: 1);
    }

    /// <summary>The same with a uniform 7x7 window and the sample covariance, the default of scikit-image.</summary>
    /// <inheritdoc cref="SsimGaussian"/>
    public static double SsimUniform(Tensor first, Tensor second, double peak)
    {
        const int side = 7;
        const double count = side * side;
        return Ssim(first, second, peak, [.. Enumerable.Repeat(1.0 / side, side)], count / (count - 1));
    }

    private static double Ssim(Tensor first, Tensor second, double peak, double[] profile, double covarianceFactor)
    {
        RequireEqualShapes(first, second);
        if (first.shape[1] < profile.Length || first.shape[2] < profile.Length)
            throw new ArgumentException($"The window of {profile.Length} pixels does not fit pictures of shape [{string.Join(", ", first.shape)}].", nameof(first));
        using var scope = NewDisposeScope();
        var down = tensor(profile).view(1, 1, -1, 1);
        var across = tensor(profile).view(1, 1, 1, -1);
        Tensor Window(Tensor x) => nn.functional.conv2d(nn.functional.conv2d(x, down), across); // separable

        var x = first.to(float64).cpu().unsqueeze(1); // [3, 1, H, W]: channels as a batch
        var y = second.to(float64).cpu().unsqueeze(1);
        var (meanX, meanY) = (Window(x), Window(y));
        var varianceX = (Window(x * x) - (meanX * meanX)) * covarianceFactor;
        var varianceY = (Window(y * y) - (meanY * meanY)) * covarianceFactor;
        var covariance = (Window(x * y) - (meanX * meanY)) * covarianceFactor;
        var (c1, c2) = (Math.Pow(0.01 * peak, 2), Math.Pow(0.03 * peak, 2));
        var similarity = ((2 * meanX * meanY) + c1) * ((2 * covariance) + c2)
            / (((meanX * meanX) + (meanY * meanY) + c1) * (varianceX + varianceY + c2));
        return similarity.mean().item<double>();
    }

    private static void RequireEqualShapes(Tensor first, Tensor second)
    {
        if (first.dim() != 3 || !first.shape.SequenceEqual(second.shape))
            throw new ArgumentException($"Pictures must be [3, H, W] and of one shape, not [{string.Join(", ", first.shape)}] and [{string.Join(", ", second.shape)}].", nameof(second));
    }
}
