using static TorchSharp.torch;

namespace FlexEdit.Models.Autoencoders;

/// <summary>The shapes that every autoencoder accepts; the messages name what was given.</summary>
internal static class AutoencoderShapes
{
    public static void RequireImages(Tensor images, int factor)
    {
        if (images.dim() != 4 || images.shape[1] != 3 || images.shape[2] % factor != 0 || images.shape[3] % factor != 0)
            throw new ArgumentException($"Pictures must be [B, 3, H, W] with sides that are multiples of {factor}, not [{string.Join(", ", images.shape)}].", nameof(images));
    }

    public static void RequireLatents(Tensor latents, int channels)
    {
        if (latents.dim() != 4 || latents.shape[1] != channels)
            throw new ArgumentException($"Latents must be [B, {channels}, h, w], not [{string.Join(", ", latents.shape)}].", nameof(latents));
    }
}
