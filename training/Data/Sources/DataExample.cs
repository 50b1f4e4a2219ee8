using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;

namespace FlexEdit.Training.Data.Sources;

/// <summary>One example of a data set as it is stored: whole pictures, no free-shape mask yet. What an example lacks is null.</summary>
public sealed record DataExample
{
    /// <summary>Where it comes from, for messages: the data set's own number or file.</summary>
    public required string Id { get; init; }

    /// <summary>pic1.</summary>
    public required RgbImage Scene { get; init; }

    /// <summary>What pic1 should become; null for a question that edits nothing.</summary>
    public RgbImage? Target { get; init; }

    /// <summary>What the mask means: the true pixels, of the scene's size. Null where the whole picture is meant.</summary>
    public Mask? Meant { get; init; }

    /// <summary>Whether <see cref="Meant"/> is an object in the scene, whose whole mask can be learned.</summary>
    public bool HasObject { get; init; }

    /// <summary>pic2, on white where its ground is cut away.</summary>
    public RgbImage? Subject { get; init; }

    /// <summary>What is asked for (τ), or the question.</summary>
    public required string Instruction { get; init; }

    /// <summary>What the mask means, in words.</summary>
    public string? Label { get; init; }

    /// <summary>The answer to a question.</summary>
    public string? Answer { get; init; }
}

/// <summary>A data set to train on: its examples by number, so that any order of them can be gone through, left and taken up again.</summary>
public interface IExampleSource
{
    /// <summary>What it is called in reports and settings.</summary>
    string Name { get; }

    /// <summary>Number of examples.</summary>
    int Count { get; }

    /// <summary>Reads an example; thread-safe.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    /// <param name="random">Of all chance, such as which of several sentences.</param>
    /// <exception cref="FormatException">It is damaged; the message names it.</exception>
    DataExample Read(int index, SeededRandom random);
}
