using FlexEdit.Contracts.Edits;

namespace FlexEdit.Platform.Predictions;

/// <summary>What a prediction takes from a job of the public API.</summary>
internal sealed record JobOfPrediction
{
    public required string Id { get; init; }
    public required string Status { get; init; }
    public required string Model { get; init; }
    public required string Instruction { get; init; }
    public required EditOptions Options { get; init; }
    public required JobInputs Inputs { get; init; }
    public JobProgress? Progress { get; init; }
    public JobUnderstanding? Understanding { get; init; }
    public IReadOnlyList<JobOutput> Outputs { get; init; } = [];
    public EditError? Error { get; init; }
    public required JobTimings Timings { get; init; }
    public required DateTime CreatedAt { get; init; }
    public DateTime? StartedAt { get; init; }
    public DateTime? CompletedAt { get; init; }
}

internal sealed record JobInputs(JobInput Scene, JobInput Mask, JobInput? Subject);

internal sealed record JobInput(string Asset);

internal sealed record JobProgress(int Step, int Steps);

internal sealed record JobUnderstanding(string Answer);

internal sealed record JobOutput(int Index, string ContentType);

internal sealed record JobTimings(double? UnderstandingMs, double? GeneratingMs, double? TotalMs);
