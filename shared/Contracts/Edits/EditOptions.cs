namespace FlexEdit.Contracts.Edits;

/// <summary>Everything that a client may choose about an edit, with the model card's defaults filled in.</summary>
public sealed record EditOptions
{
    /// <summary>Results wanted, 1 to 4; seeds are <see cref="Seed"/> … <see cref="Seed"/> + N - 1.</summary>
    public required int N { get; init; }
    /// <summary>First seed.</summary>
    public required uint Seed { get; init; }
    /// <summary>Sampler steps.</summary>
    public required int Steps { get; init; }
    /// <summary>Text guidance scale s_T.</summary>
    public required double GuidanceScale { get; init; }
    /// <summary>Image guidance scale s_I.</summary>
    public required double ImageGuidanceScale { get; init; }
    /// <summary>λ of eq. 7; 0 without a subject.</summary>
    public required double SubjectScale { get; init; }
    /// <summary><c>preserve</c> or <c>free</c>.</summary>
    public required string Background { get; init; }
    /// <summary><c>png</c>, <c>jpeg</c> or <c>webp</c>.</summary>
    public required string OutputFormat { get; init; }
    /// <summary><c>exact</c> or <c>fast</c>.</summary>
    public required string Profile { get; init; }
    /// <summary><c>understanding</c>, or null to go straight through.</summary>
    public string? PauseAfter { get; init; }
}
