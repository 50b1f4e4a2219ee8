using FlexEdit.Masks;

namespace FlexEdit.Gateway.Decoding.Child;

/// <summary>A mask at the scene's size, perhaps empty.</summary>
/// <param name="Mask">What is marked.</param>
/// <param name="Report">What was done to its file.</param>
/// <param name="WhyEmpty">Why it is empty where it is.</param>
internal sealed record ReadMask(Mask Mask, IReadOnlyList<string> Report, string WhyEmpty)
{
    /// <summary>How the file was read, a value of <see cref="MaskPolarity"/>; null for shapes.</summary>
    public string? Polarity { get; init; }
    /// <summary>Media type of the file; null for shapes.</summary>
    public string? ContentType { get; init; }
    /// <summary>The file before it was read as a mask; null for shapes.</summary>
    public DecodedSource? Source { get; init; }
}
