using FlexEdit.Models.Clip;
using FlexEdit.Models.Images;
using static TorchSharp.torch;

namespace FlexEdit.Models.Methods.Reading;

/// <summary>Square crops as CLIP's image encoder reads them: resized to its side (bicubic, as the published image processor does) and normalised with its mean and deviation.</summary>
public static class ClipPictures
{
    /// <summary>Makes crops ready.</summary>
    /// <param name="crops">One picture or more, side·side·3 bytes RGB each.</param>
    /// <param name="side">Their side in pixels.</param>
    /// <param name="config">The encoder's sizes.</param>
    /// <param name="like">Gives type and device.</param>
    /// <returns>[pictures, 3, image size, image size].</returns>
    public static Tensor Ready(IReadOnlyList<byte[]> crops, int side, ClipVisionConfig config, Tensor like)
    {
        using var scope = NewDisposeScope();
        var square = new ImageSize { Height = config.ImageSize, Width = config.ImageSize };
        var processor = new ClipImageProcessor(new ClipImageProcessorConfig { Size = square, CropSize = square });
        return cat([.. crops.Select(c => processor.Process(new RgbPicture(c, side, side)))]).to(like.dtype, like.device).MoveToOuterDisposeScope();
    }

    /// <summary>A network's first weight, which has the type and the device that it computes with.</summary>
    internal static Tensor WeightOf(nn.Module network) => network.parameters().First();
}
