namespace FlexEdit.Contracts.Edits;

/// <summary>What the vision-language model made of the scene, the mask and the instruction.</summary>
public sealed record UnderstandingResult
{
    /// <summary>The model's sentence: <c>The masks mean "chair". …</c>.</summary>
    public required string Answer { get; init; }
    /// <summary>What the mask marks, or what is to be put there.</summary>
    public required string Label { get; init; }
    /// <summary>Calibrated probability of the label, 0 to 1.</summary>
    public required double Confidence { get; init; }
    /// <summary>Whether the second candidate has at least half the first one's probability.</summary>
    public required bool Ambiguous { get; init; }
    /// <summary>The best labels, best first.</summary>
    public required IReadOnlyList<LabelCandidate> Candidates { get; init; }
    /// <summary>Key of the edit embedding e (safetensors, tensor <c>edit_embedding</c>).</summary>
    public required string EmbeddingKey { get; init; }
    /// <summary>Key of the predicted full mask (PNG, one channel, the scene's size); null for a model without one.</summary>
    public string? FullMaskKey { get; init; }
}

/// <summary>A possible label.</summary>
public sealed record LabelCandidate
{
    /// <summary>The name.</summary>
    public required string Label { get; init; }
    /// <summary>Its probability, 0 to 1.</summary>
    public required double Confidence { get; init; }
}
