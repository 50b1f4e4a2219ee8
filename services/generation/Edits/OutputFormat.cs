using FlexEdit.Compositing;
using FlexEdit.Imaging;
using FlexEdit.Imaging.Pixels;

namespace FlexEdit.Generation.Edits;

/// <summary>A format that results can have, as the public API names it.</summary>
/// <param name="Extension">Of the object's key.</param>
/// <param name="ContentType">Media type.</param>
/// <param name="Lossless">Whether every pixel comes back as it was.</param>
internal sealed record OutputFormat(string Extension, string ContentType, bool Lossless)
{
    private static readonly OutputFormat Png = new("png", "image/png", true);
    private static readonly OutputFormat Webp = new("webp", "image/webp", true);
    private static readonly OutputFormat Jpeg = new("jpg", "image/jpeg", false);

    /// <summary>The format of this name.</summary>
    /// <exception cref="ArgumentException">There is none; the gateway lets no such name through.</exception>
    public static OutputFormat Named(string name) => name switch
    {
        "png" => Png,
        "webp" => Webp,
        "jpeg" => Jpeg,
        _ => throw new ArgumentException($"There is no output format '{name}'.", nameof(name)),
    };

    /// <summary>The file, without metadata. JPEG knows no transparency: it shows the picture over white.</summary>
    public byte[] Encode(CompositedPicture picture, bool withAlpha)
    {
        var raster = picture.ToRaster(withAlpha);
        if (this == Png)
            return PictureEncoder.Png(raster);
        if (this == Webp)
            return PictureEncoder.Webp(raster);
        return PictureEncoder.Jpeg(raster is RgbaImage transparent ? transparent.Over(255, 255, 255) : raster);
    }
}
