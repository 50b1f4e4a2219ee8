using NetVips;

namespace FlexEdit.Imaging.Decoding;

/// <summary>From whatever colours a file has to 8-bit sRGB with three bands, or four with alpha.</summary>
internal static class ColourConversion
{
    /// <param name="image">Any image of an accepted format.</param>
    /// <param name="report">Receives a sentence for each conversion that changes values.</param>
    public static Image ToSrgb(Image image, List<string> report)
    {
        var result = image.Copy();
        if (result.Interpretation == Enums.Interpretation.Cmyk)
        {
            report.Add("converted from CMYK");
            // Without a profile of its own, a common press is assumed.
            return Next(result, i => i.IccTransform("srgb", embedded: true, inputProfile: "cmyk", depth: 8));
        }

        if (result.Format != Enums.BandFormat.Uchar)
        {
            report.Add("converted from 16 bit");
            var grey = result.Interpretation is Enums.Interpretation.Grey16 or Enums.Interpretation.Bw;
            result = Next(result, i => i.Colourspace(grey ? Enums.Interpretation.Bw : Enums.Interpretation.Srgb));
        }

        if (result.Contains("icc-profile-data") && !IccProfile.IsSrgb((byte[])result.Get("icc-profile-data")))
            result = FromProfile(result, report);
        return result.Interpretation == Enums.Interpretation.Srgb
            ? result
            : Next(result, i => i.Colourspace(Enums.Interpretation.Srgb));
    }

    private static Image FromProfile(Image image, List<string> report)
    {
        Image converted;
        try
        {
            converted = image.IccTransform("srgb", embedded: true, depth: 8);
        }
        catch (VipsException)
        {
            report.Add("ignored an embedded colour profile that cannot be used");
            return image;
        }

        image.Dispose();
        report.Add("converted from an embedded colour profile");
        return converted;
    }

    private static Image Next(Image image, Func<Image, Image> step)
    {
        using (image)
            return step(image);
    }
}
