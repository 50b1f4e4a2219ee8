using FlexEdit.Imaging.Pixels;
using NetVips;

namespace FlexEdit.Imaging;

/// <summary>Writes pictures as files without any metadata.</summary>
public static class PictureEncoder
{
    /// <summary>PNG, lossless, with fast compression.</summary>
    public static byte[] Png(Raster picture)
    {
        using var image = Vips.Of(picture);
        return image.PngsaveBuffer(
            compression: 1, filter: Enums.ForeignPngFilter.Sub, keep: Enums.ForeignKeep.None);
    }

    /// <summary>JPEG; alpha is dropped.</summary>
    /// <param name="picture">One, three or four channels.</param>
    /// <param name="quality">1…100.</param>
    public static byte[] Jpeg(Raster picture, int quality = 92)
    {
        using var image = Vips.Of(picture);
        using var opaque = picture.Channels == 4 ? image.ExtractBand(0, n: 3) : image.Copy();
        return opaque.JpegsaveBuffer(q: quality, keep: Enums.ForeignKeep.None);
    }

    /// <summary>WebP, lossless: also the colours of transparent pixels come back as they were.</summary>
    public static byte[] Webp(Raster picture)
    {
        using var image = Vips.Of(picture);
        return image.WebpsaveBuffer(lossless: true, exact: true, effort: 1, keep: Enums.ForeignKeep.None);
    }
}
