namespace FlexEdit.Training.Data;

/// <summary>One example as the networks read it: the square crop at side R, with a free-shape mask. What it lacks is null and has no loss.</summary>
public sealed record LearningExample
{
    /// <summary>Name of its data set.</summary>
    public required string Source { get; init; }
    /// <summary>Its number or file there.</summary>
    public required string Id { get; init; }
    /// <summary>Scene, R·R·3 bytes.</summary>
    public required byte[] Scene { get; init; }
    /// <summary>Free-shape mask, R·R bytes; all marked where the whole picture is meant.</summary>
    public required byte[] Mask { get; init; }
    /// <summary>What the edit should give, R·R·3 bytes; null for a question.</summary>
    public byte[]? Target { get; init; }
    /// <summary>The marked object's whole mask, R·R bytes; null where none is known.</summary>
    public byte[]? FullMask { get; init; }
    /// <summary>Subject, R·R·3 bytes.</summary>
    public byte[]? Subject { get; init; }
    /// <summary>Its object's opacity, R·R bytes, where it is known.</summary>
    public byte[]? SubjectAlpha { get; init; }
    /// <summary>τ, or a question.</summary>
    public required string Instruction { get; init; }
    /// <summary>What the mask means; null where nobody said.</summary>
    public string? Label { get; init; }
    /// <summary>The answer to a question.</summary>
    public string? Answer { get; init; }
}

/// <summary>Examples by number, ready for the networks.</summary>
public interface ILearningSource
{
    /// <summary>What it is called in reports and settings.</summary>
    string Name { get; }

    /// <summary>Number of examples; after so many they come again, with other masks.</summary>
    int Count { get; }

    /// <summary>Makes an example; thread-safe.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    /// <param name="random">Of all chance.</param>
    /// <exception cref="FormatException">It is damaged.</exception>
    LearningExample Make(int index, Masks.SeededRandom random);
}
