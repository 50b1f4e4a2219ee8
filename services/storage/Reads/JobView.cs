using FlexEdit.Contracts.Edits;
using FlexEdit.Storage.Edits;

namespace FlexEdit.Storage.Reads;

/// <summary>An edit as the public API shows it. Property names become snake_case; nulls are shown.</summary>
internal sealed record JobView
{
    public required string Id { get; init; }
    public string Object { get; init; } = "edit";
    public required string Status { get; init; }
    public required string? Stage { get; init; }
    public required long Sequence { get; init; }
    public required string Model { get; init; }
    public required string Instruction { get; init; }
    public required EditOptions Options { get; init; }
    public required InputsView Inputs { get; init; }
    public required ProgressView? Progress { get; init; }
    public required QueueView? Queue { get; init; }
    public required UnderstandingView? Understanding { get; init; }
    public required IReadOnlyList<OutputView> Outputs { get; init; }
    public required EditError? Error { get; init; }
    /// <summary>The receipt of a canceled edit.</summary>
    public required CancelReceipt? Cancellation { get; init; }
    public required IReadOnlyList<AttemptView> Attempts { get; init; }
    public required TimingsView Timings { get; init; }
    public required DateTime CreatedAt { get; init; }
    public required DateTime? StartedAt { get; init; }
    public required DateTime? CompletedAt { get; init; }
    /// <summary>When the data are removed; null while the edit is under way.</summary>
    public required DateTime? ExpiresAt { get; init; }
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }
    public required UrlsView Urls { get; init; }
}

internal sealed record InputsView(InputView Scene, InputView Mask, InputView? Subject);

internal sealed record InputView(string Asset, int Width, int Height, string Sha256, IReadOnlyList<string> Report, string Url);

/// <param name="Step">Steps done of the picture that is forming.</param>
/// <param name="Steps">Its steps in all.</param>
/// <param name="Output">Its index.</param>
/// <param name="Preview">Where the newest preview is; null before the first.</param>
internal sealed record ProgressView(int Step, int Steps, int Output, string? Preview);

/// <param name="Position">Place among the edits that wait for the same model and stage, from 1.</param>
/// <param name="EtaSeconds">Seconds until work begins, from recent edits; null while too few have finished.</param>
internal sealed record QueueView(int Position, EtaView? EtaSeconds);

internal sealed record EtaView(double P50, double P90);

internal sealed record UnderstandingView(
    string Answer, string Label, double Confidence, bool Ambiguous, IReadOnlyList<LabelCandidate> Candidates, string? FullMask);

internal sealed record OutputView(
    int Index, string Url, string ContentType, int Width, int Height, uint Seed, string Sha256, PreservationView Preservation);

internal sealed record PreservationView(
    IReadOnlyList<int> Region, long ChangedPixels, long ChangedOutside, string EditedMask, string OutsideSha256Before, string OutsideSha256After, bool Lossless);

internal sealed record AttemptView(
    string Stage, int Number, string Worker, DateTime StartedAt, DateTime? EndedAt, string? Outcome, double? ModelMs, string? ErrorCode);

/// <summary>Milliseconds; null for what has not happened. A stage's time is the sum of its attempts'.</summary>
internal sealed record TimingsView(double? QueuedMs, double? UnderstandingMs, double? GeneratingMs, double? TotalMs);

/// <param name="Self">The job.</param>
/// <param name="Events">Its events (SSE).</param>
/// <param name="Cancel">Where to cancel it.</param>
/// <param name="Approve">Where to let it go on once it awaits approval.</param>
/// <param name="Manifest">What it takes to run it again; null where the server does not offer it.</param>
internal sealed record UrlsView(string Self, string Events, string Cancel, string Approve, string? Manifest);
