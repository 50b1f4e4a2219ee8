using FlexEdit.Imaging;
using FlexEdit.Imaging.Decoding;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;

namespace FlexEdit.Training.Data.Sources;

/// <summary>Pictures of data sets.</summary>
internal static class Pictures
{
    /// <summary>Decodes a file; transparency becomes white.</summary>
    /// <exception cref="FormatException">It is missing or damaged; the message names it.</exception>
    public static RgbImage Read(string path)
    {
        try
        {
            return PictureDecoder.DecodeFile(path).Pixels.Over(255, 255, 255);
        }
        catch (Exception problem) when (problem is PictureException or IOException)
        {
            throw new FormatException($"{path} cannot be read: {problem.Message}", problem);
        }
    }

    /// <summary>A copy with the marked pixels in one colour.</summary>
    public static RgbImage Fill(RgbImage picture, Mask mask, byte red, byte green, byte blue)
    {
        var filled = new RgbImage(picture.Width, picture.Height, (byte[])picture.Pixels.Clone());
        for (var i = 0; i < mask.Pixels.Length; i++)
        {
            if (mask.Pixels[i] == 0)
                continue;
            (filled.Pixels[i * 3], filled.Pixels[(i * 3) + 1], filled.Pixels[(i * 3) + 2]) = (red, green, blue);
        }
        return filled;
    }
}
