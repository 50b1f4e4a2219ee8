using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;
using FlexEdit.Models.Images;
using static TorchSharp.torch;

namespace FlexEdit.Evaluation.Metrics;

/// <summary>Metrics that need no network, and the crops that the others are taken of (docs/evaluation.md has every definition).</summary>
public static class PictureMetrics
{
    /// <summary>What equal pictures get instead of infinity, dB, so that means exist.</summary>
    public const double EqualPsnr = 100;

    /// <summary>PSNR over all pixels and channels of a region, dB, at most <see cref="EqualPsnr"/>.</summary>
    /// <param name="first">A picture.</param>
    /// <param name="second">One of the same size.</param>
    /// <param name="region">Null for everywhere.</param>
    public static double Psnr(RgbImage first, RgbImage second, Mask? region = null)
    {
        using var scope = NewDisposeScope();
        var marked = region is null ? null : tensor(region.Pixels).view(region.Height, region.Width);
        return Math.Min(EqualPsnr, PictureQuality.Psnr(Channels(first), Channels(second), 255, marked));
    }

    /// <summary>SSIM with the Gaussian window of Wang et al. 2004, over full windows.</summary>
    public static double Ssim(RgbImage first, RgbImage second)
    {
        using var scope = NewDisposeScope();
        return PictureQuality.SsimGaussian(Channels(first), Channels(second), 255);
    }

    /// <summary>The picture with a region painted black: how SmartEdit's script compares backgrounds.</summary>
    public static RgbImage Without(RgbImage picture, Mask region)
    {
        var result = new RgbImage(picture.Width, picture.Height, (byte[])picture.Pixels.Clone());
        for (var i = 0; i < region.Pixels.Length; i++)
        {
            if (region.Pixels[i] != 0)
                result.Pixels.AsSpan(i * 3, 3).Clear();
        }
        return result;
    }

    /// <summary>
    /// The foreground: the square around the region's box, as long as its longer side (at least 16 pixels), moved into the picture. Square, so that no
    /// processor's centre crop cuts off the ends of a long region.
    /// </summary>
    public static RgbImage Foreground(RgbImage picture, Mask region) =>
        picture.Crop(EditCrop.Around(region.Bounds, picture.Width, picture.Height, factor: 1));

    /// <summary>Share of the pixels outside of the region that differ from the scene in any channel, 0…1.</summary>
    public static double ChangedOutside(RgbImage scene, RgbImage result, Mask region)
    {
        long changed = 0, outside = 0;
        for (var i = 0; i < region.Pixels.Length; i++)
        {
            if (region.Pixels[i] != 0)
                continue;
            outside++;
            if (!scene.Pixels.AsSpan(i * 3, 3).SequenceEqual(result.Pixels.AsSpan(i * 3, 3)))
                changed++;
        }
        return outside == 0 ? 0 : (double)changed / outside;
    }

    /// <summary>Cosine of unit vectors.</summary>
    public static double Cosine(float[] first, float[] second) => first.Zip(second, (a, b) => (double)a * b).Sum();

    private static Tensor Channels(RgbImage picture) => tensor(picture.Pixels).view(picture.Height, picture.Width, 3).permute(2, 0, 1);
}
