namespace FlexEdit.Imaging;

/// <summary>What is looked at before a picture's pixels are (API.md, "Defaults and limits").</summary>
public sealed record PictureLimits
{
    /// <summary>The usual limits.</summary>
    public static PictureLimits Default { get; } = new();

    /// <summary>Bytes of the file.</summary>
    public long Bytes { get; init; } = 25_000_000;

    /// <summary>Width times height.</summary>
    public long Pixels { get; init; } = 50_000_000;

    /// <summary>Pixels of a side.</summary>
    public int Side { get; init; } = 16_384;

    /// <summary>Refuses a size beyond the limits.</summary>
    /// <exception cref="PictureException">With code <see cref="PictureException.TooLarge"/>.</exception>
    public void Check(long width, long height)
    {
        if (width > Side || height > Side)
        {
            throw new PictureException(
                PictureException.TooLarge, $"The picture has {width}x{height} pixels; a side may have {Side} at most.");
        }

        if (width * height > Pixels)
        {
            throw new PictureException(
                PictureException.TooLarge,
                $"The picture has {width}x{height} pixels, {width * height} in all; {Pixels} are allowed.");
        }
    }
}
