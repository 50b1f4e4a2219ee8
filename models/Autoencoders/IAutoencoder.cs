using static TorchSharp.torch;

namespace FlexEdit.Models.Autoencoders;

/// <summary>
/// Turns pictures into the latents that a latent diffusion model works on, and back
/// (Rombach et al., "High-Resolution Image Synthesis with Latent Diffusion Models", section 3.1).
/// </summary>
public interface IAutoencoder
{
    /// <summary>Channels C of a latent.</summary>
    int Channels { get; }

    /// <summary>Pixels per side that one latent cell covers; a picture's sides are multiples of it.</summary>
    int Factor { get; }

    /// <summary>The latents of a batch of pictures: the same for the same picture, with about unit variance.</summary>
    /// <param name="images">[B, 3, H, W] in [-1, 1].</param>
    /// <returns>[B, C, H/<see cref="Factor"/>, W/<see cref="Factor"/>].</returns>
    /// <exception cref="ArgumentException">Another shape, or a side that is no multiple of <see cref="Factor"/>.</exception>
    Tensor Encode(Tensor images);

    /// <summary>The pictures of a batch of latents, not clamped.</summary>
    /// <param name="latents">[B, C, h, w], scaled as <see cref="Encode"/> does.</param>
    /// <returns>[B, 3, h·<see cref="Factor"/>, w·<see cref="Factor"/>], nominally in [-1, 1].</returns>
    /// <exception cref="ArgumentException">Another shape.</exception>
    Tensor Decode(Tensor latents);
}
