using FlexEdit.Imaging.Pixels;

namespace FlexEdit.Evaluation.Metrics;

/// <summary>A network that turns pictures into vectors whose cosine says how alike they are. Not thread-safe.</summary>
public interface IPictureEmbedder : IDisposable
{
    /// <summary>What it is called in reports.</summary>
    string Name { get; }

    /// <summary>A unit vector.</summary>
    float[] Embed(RgbImage picture);
}

/// <summary>One that has texts in the same space.</summary>
public interface ITextEmbedder : IPictureEmbedder
{
    /// <summary>A unit vector; null where the network does not know one of the words.</summary>
    float[]? EmbedText(string text);
}

/// <summary>A network that says how unlike two pictures look; 0 for equal ones. Not thread-safe.</summary>
public interface IPerceptualMeter : IDisposable
{
    /// <summary>What it is called in reports.</summary>
    string Name { get; }

    /// <summary>The distance of two pictures of one size.</summary>
    double Distance(RgbImage first, RgbImage second);
}
