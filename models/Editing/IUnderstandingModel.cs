namespace FlexEdit.Models.Editing;

/// <summary>Understanding: scene with the mask drawn on it, subject and instruction in; answer, label, full mask and edit embedding out (paper, eq. 1).</summary>
public interface IUnderstandingModel : IDisposable
{
    /// <summary>Side R of the square crop in pixels.</summary>
    int Resolution { get; }

    /// <summary>Reads one edit. Not thread-safe: an engine calls it from one thread.</summary>
    Understanding Understand(UnderstandingRequest request);
}

/// <summary>What the model reads. All pictures are the square crop that the service made, at the model's resolution R.</summary>
public sealed record UnderstandingRequest
{
    /// <summary>Scene crop, R·R·3 bytes, RGB, row by row.</summary>
    public required byte[] Scene { get; init; }
    /// <summary>Free-shape mask of the crop, R·R bytes, 255 marks.</summary>
    public required byte[] Mask { get; init; }
    /// <summary>Subject letterboxed to R·R·3 bytes RGB; null for a single-image edit.</summary>
    public byte[]? Subject { get; init; }
    /// <summary>τ; plain text, never control tokens.</summary>
    public required string Instruction { get; init; }
    /// <summary>A label given by the client that replaces the model's own; null to let it decide.</summary>
    public string? Label { get; init; }
}

/// <summary>What the model understood.</summary>
public sealed record Understanding
{
    /// <summary>The sentence, image tokens included.</summary>
    public required string Answer { get; init; }
    /// <summary>Best labels, best first; probabilities sum to at most 1.</summary>
    public required IReadOnlyList<(string Label, double Probability)> Candidates { get; init; }
    /// <summary>Predicted mask of the whole object, R·R bytes of probability·255; null for a model without the head.</summary>
    public byte[]? FullMask { get; init; }
    /// <summary>Edit embedding e, row by row.</summary>
    public required float[] Embedding { get; init; }
    /// <summary>Tokens N and width D of e.</summary>
    public required (int Tokens, int Width) EmbeddingShape { get; init; }
}
