using static TorchSharp.torch;

namespace FlexEdit.Models.Images;

/// <summary>Makes pictures ready for an autoencoder, and back, as diffusers' <c>VaeImageProcessor</c> does.</summary>
public static class VaeImageProcessor
{
    /// <summary>A picture at a size (Lanczos) and in [-1, 1]: float32 [1, 3, height, width].</summary>
    /// <exception cref="ArgumentOutOfRangeException">A side is not positive.</exception>
    public static Tensor Process(RgbPicture picture, int width, int height)
    {
        using var scope = NewDisposeScope();
        var pixels = PillowResampler.Resize(picture, width, height, ResamplingFilter.Lanczos).ToTensor();
        return ((pixels / 255 * 2) - 1).MoveToOuterDisposeScope();
    }

    /// <summary>The picture itself, its sides cut down to multiples of what one latent covers, as the processor does without a wanted size.</summary>
    /// <param name="picture">A picture whose sides are at least <paramref name="factor"/>.</param>
    /// <param name="factor">Pixels that one latent covers, 8 in Stable Diffusion.</param>
    public static Tensor Process(RgbPicture picture, int factor = 8) =>
        Process(picture, picture.Width - (picture.Width % factor), picture.Height - (picture.Height % factor));

    /// <summary>The 8-bit picture of [1, 3, H, W] in [-1, 1]; what lies outside is clamped.</summary>
    /// <exception cref="ArgumentException">Another shape.</exception>
    public static RgbPicture ToPicture(Tensor pixels)
    {
        if (pixels.dim() != 4 || pixels.shape[0] != 1 || pixels.shape[1] != 3)
            throw new ArgumentException($"A picture is [1, 3, H, W], not [{string.Join(", ", pixels.shape)}].", nameof(pixels));
        using var scope = NewDisposeScope();
        var bytes = (((pixels.to(float32) / 2) + 0.5).clamp(0, 1) * 255).round().to(ScalarType.Byte).squeeze(0).permute(1, 2, 0).contiguous().cpu();
        return new RgbPicture(bytes.data<byte>().ToArray(), (int)pixels.shape[3], (int)pixels.shape[2]);
    }
}
