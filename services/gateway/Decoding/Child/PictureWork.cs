using FlexEdit.Imaging;
using FlexEdit.Imaging.Decoding;

namespace FlexEdit.Gateway.Decoding.Child;

/// <summary>The scene or the subject: upright, 8-bit sRGB, as PNG with three channels, or four where the file has alpha.</summary>
internal static class PictureWork
{
    /// <exception cref="PictureException">The file is refused.</exception>
    public static DecodeAnswer Run(DecodeRequest request)
    {
        var picture = PictureDecoder.DecodeFile(request.Source, Limits(request));
        File.WriteAllBytes(request.Target, PictureEncoder.Png(picture.HasAlpha ? picture.Pixels : picture.Pixels.WithoutAlpha()));
        return new DecodeAnswer
        {
            Width = picture.Pixels.Width,
            Height = picture.Pixels.Height,
            ContentType = picture.Format.ContentType(),
            Report = picture.Report,
        };
    }

    /// <summary>The limits that the parent asks for.</summary>
    public static PictureLimits Limits(DecodeRequest request) =>
        new() { Bytes = request.MaxBytes, Pixels = request.MaxPixels, Side = request.MaxSide };
}
