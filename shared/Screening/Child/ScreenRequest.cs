namespace FlexEdit.Screening.Child;

/// <summary>What a classifier's process is asked: a line of JSON. First which classifier it is to run, then a picture at a time.</summary>
internal sealed record ScreenRequest
{
    /// <summary>The classifier; null for a picture.</summary>
    public ClassifierCard? Open { get; init; }
    /// <summary>A picture at the size that the classifier reads: width · height · 3 bytes RGB.</summary>
    public byte[]? Rgb { get; init; }
}

/// <summary>What it answers: a line of JSON.</summary>
internal sealed record ScreenAnswer
{
    /// <summary>Probability of the unsafe classes, 0 to 1.</summary>
    public double Score { get; init; }
    /// <summary>Why there is no score: a sentence; null where there is one.</summary>
    public string? Fault { get; init; }
}
