using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;

namespace FlexEdit.Evaluation.Cases;

/// <summary>Cases to evaluate on.</summary>
/// <param name="Name">What it is called in reports.</param>
/// <param name="Cases">In the order in which they are run.</param>
public sealed record BenchmarkSet(string Name, IReadOnlyList<BenchmarkCase> Cases);

/// <summary>A case and how its pictures are read.</summary>
/// <param name="Case">What is said about it.</param>
/// <param name="Open">Reads its pictures. Throws <see cref="BenchmarkException"/> where one is missing or does not fit.</param>
public sealed record BenchmarkCase(EvaluationCase Case, Func<CasePictures> Open);

/// <summary>The pictures of a case, decoded, all of the scene's size except for the subject.</summary>
public sealed record CasePictures
{
    /// <summary>x1.</summary>
    public required RgbImage Scene { get; init; }
    /// <summary>Its file, for servers.</summary>
    public required byte[] SceneFile { get; init; }
    /// <summary>x2; null for a single case.</summary>
    public RgbaImage? Subject { get; init; }
    /// <summary>Its file, for servers.</summary>
    public byte[]? SubjectFile { get; init; }
    /// <summary>The free-shape mask.</summary>
    public required Mask Free { get; init; }
    /// <summary>The precise mask.</summary>
    public required Mask Full { get; init; }
    /// <summary>Whether something stands under the mask, whose whole mask a model can be asked for.</summary>
    public required bool HasObject { get; init; }
    /// <summary>The true edited region, not empty.</summary>
    public required Mask Region { get; init; }
    /// <summary>What the edit should give.</summary>
    public required RgbImage Expected { get; init; }
}
