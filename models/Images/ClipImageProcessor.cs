using static TorchSharp.torch;

namespace FlexEdit.Models.Images;

/// <summary>
/// Makes pictures ready for CLIP, LLaVA and DINOv2 as the published <c>CLIPImageProcessor</c> does: resize, cut out the middle, rescale, normalise.
/// </summary>
public sealed class ClipImageProcessor(ClipImageProcessorConfig config)
{
    /// <summary>The settings.</summary>
    public ClipImageProcessorConfig Config { get; } = config;

    /// <summary>One picture, ready: float32 [1, 3, rows, columns].</summary>
    public Tensor Process(RgbPicture picture)
    {
        using var scope = NewDisposeScope();
        if (Config.DoResize)
        {
            var (width, height) = Resized(picture.Width, picture.Height);
            picture = PillowResampler.Resize(picture, width, height, Config.Resample);
        }
        var pixels = picture.ToTensor();
        if (Config.DoCenterCrop)
            pixels = CenterCrop(pixels, Config.CropSize.Height ?? Config.CropSize.ShortestEdge!.Value, Config.CropSize.Width ?? Config.CropSize.ShortestEdge!.Value);
        if (Config.DoRescale)
            pixels = pixels * (float)Config.RescaleFactor;
        if (Config.DoNormalize)
            pixels = (pixels - Channels(Config.ImageMean)) / Channels(Config.ImageStd);
        return pixels.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The picture in the middle of a square, as LLaVA-1.5's <c>pad</c> has it: offsets are rounded down, and the border has the mean colour.
    /// A square picture is given back as it is. Feed the result to <see cref="Process"/>.
    /// </summary>
    public RgbPicture PadToSquare(RgbPicture picture)
    {
        if (picture.Width == picture.Height)
            return picture;
        var side = Math.Max(picture.Width, picture.Height);
        var pixels = new byte[side * side * 3];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(255 * Config.ImageMean[i % 3]);
        var (left, top) = ((side - picture.Width) / 2, (side - picture.Height) / 2);
        var stride = picture.Width * 3;
        for (var y = 0; y < picture.Height; y++)
            picture.Pixels.AsSpan(y * stride, stride).CopyTo(pixels.AsSpan(((((top + y) * side) + left) * 3)));
        return new RgbPicture(pixels, side, side);
    }

    private (int Width, int Height) Resized(int width, int height)
    {
        if (Config.Size.ShortestEdge is not { } edge)
            return (Config.Size.Width!.Value, Config.Size.Height!.Value);
        // Whole pixels, cut off and not rounded, as the reference has it.
        return width <= height ? (edge, (int)((long)edge * height / width)) : ((int)((long)edge * width / height), edge);
    }

    /// <summary>Cuts the middle out of [1, 3, H, W]; where the picture is smaller, the rest is black.</summary>
    private static Tensor CenterCrop(Tensor pixels, int rows, int columns)
    {
        var (above, beside) = (Math.Max(rows - pixels.shape[2], 0), Math.Max(columns - pixels.shape[3], 0));
        if (above + beside > 0)
            pixels = nn.functional.pad(pixels, [(beside + 1) / 2, beside / 2, (above + 1) / 2, above / 2]);
        return pixels.narrow(2, (pixels.shape[2] - rows) / 2, rows).narrow(3, (pixels.shape[3] - columns) / 2, columns);
    }

    private static Tensor Channels(IReadOnlyList<double> values) => tensor(values.Select(v => (float)v).ToArray()).view(1, -1, 1, 1);
}
