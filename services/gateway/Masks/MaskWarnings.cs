using FlexEdit.Gateway.Decoding;

namespace FlexEdit.Gateway.Masks;

/// <summary>What about a mask is worth a second look.</summary>
internal static class MaskWarnings
{
    // What is to be edited is seldom most of the picture; an inverted mask nearly always is.
    private const double MostCovered = 0.75;
    private const int FewestPixels = 64;

    /// <summary>One sentence each, the gravest first.</summary>
    public static IReadOnlyList<string> Of(MaskFindings mask, long pixels)
    {
        var warnings = new List<string>();
        if (mask.Marked == 0)
            warnings.Add("the mask marks nothing: an edit with it would be refused (mask_empty)");
        else if (mask.Marked == pixels)
            warnings.Add("the mask covers the whole picture");
        else if (mask.Marked > pixels * MostCovered)
            warnings.Add(mask.Polarity is null ? "the marks cover most of the picture" : $"the mask covers most of the picture when read as {mask.Polarity}; if it is meant the other way round, set mask_polarity");
        if (mask.Marked is > 0 and < FewestPixels)
            warnings.Add($"the mask marks only {mask.Marked} pixels");
        if (mask.TouchesEdge && mask.Marked < pixels)
            warnings.Add("the mask touches the picture's edge");
        warnings.AddRange(mask.Report.Where(sentence => sentence.StartsWith("scaled ", StringComparison.Ordinal)).Select(sentence => $"the mask was {sentence}"));
        return warnings;
    }
}
