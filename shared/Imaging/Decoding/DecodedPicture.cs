using FlexEdit.Imaging.Pixels;

namespace FlexEdit.Imaging.Decoding;

/// <summary>A picture as everything after its upload sees it: upright, 8-bit sRGB.</summary>
/// <param name="Pixels">Upright; alpha is 255 where the file has none.</param>
/// <param name="HasAlpha">Whether the file has an alpha channel (which may be 255 everywhere).</param>
/// <param name="Format">The file's format.</param>
/// <param name="Orientation">The file's EXIF orientation, 1…8; 1 where it has none.</param>
/// <param name="Report">What was converted, in words such as "rotated by EXIF orientation 6"; empty when nothing was.</param>
public sealed record DecodedPicture(
    RgbaImage Pixels, bool HasAlpha, PictureFormat Format, int Orientation, IReadOnlyList<string> Report);
