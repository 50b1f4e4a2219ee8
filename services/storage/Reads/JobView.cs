using FlexEdit.Contracts.Edits;
using FlexEdit.Storage.Edits;

namespace FlexEdit.Storage.Reads;

/// <summary>An edit as the public API shows it. Property names become snake_case; nulls are shown.</summary>
internal sealed record JobView
{
    /// <summary>Its id, <c>edt_…</c>: sortable by time, otherwise opaque.</summary>
    public required string Id { get; init; }
    /// <summary>Always <c>edit</c>.</summary>
    public string Object { get; init; } = "edit";
    /// <summary><c>queued</c>, <c>processing</c>, <c>awaiting_approval</c>, <c>canceling</c>, or, for good, <c>succeeded</c>, <c>failed</c>, <c>canceled</c> or <c>expired</c>. The list is open: tolerate new ones.</summary>
    public required string Status { get; init; }
    /// <summary>What a worker is at: <c>understanding</c>, <c>generating</c> or <c>storing</c>; null before and after.</summary>
    public required string? Stage { get; init; }
    /// <summary>Grows by one with every change; the same number in polls, events and webhooks.</summary>
    public required long Sequence { get; init; }
    /// <summary>Id of the model.</summary>
    public required string Model { get; init; }
    /// <summary>What is to happen at the mask, as it was sent.</summary>
    public required string Instruction { get; init; }
    /// <summary>All options, defaults filled in.</summary>
    public required EditOptions Options { get; init; }
    /// <summary>The pictures as they were read.</summary>
    public required InputsView Inputs { get; init; }
    /// <summary>Where the picture that is forming stands; null while none is.</summary>
    public required ProgressView? Progress { get; init; }
    /// <summary>Where a waiting edit stands; null while it does not wait.</summary>
    public required QueueView? Queue { get; init; }
    /// <summary>What the language model made of mask and instruction; null before.</summary>
    public required UnderstandingView? Understanding { get; init; }
    /// <summary>The results; empty until the edit has succeeded.</summary>
    public required IReadOnlyList<OutputView> Outputs { get; init; }
    /// <summary>Why it failed; null where it did not.</summary>
    public required EditError? Error { get; init; }
    /// <summary>The receipt of a canceled edit.</summary>
    public required CancelReceipt? Cancellation { get; init; }
    /// <summary>Every attempt of a worker, oldest first.</summary>
    public required IReadOnlyList<AttemptView> Attempts { get; init; }
    /// <summary>How long each part took.</summary>
    public required TimingsView Timings { get; init; }
    /// <summary>When it was accepted, UTC.</summary>
    public required DateTime CreatedAt { get; init; }
    /// <summary>When a worker first took it, UTC; null before.</summary>
    public required DateTime? StartedAt { get; init; }
    /// <summary>When it ended, UTC; null before.</summary>
    public required DateTime? CompletedAt { get; init; }
    /// <summary>When the data are removed; null while the edit is under way.</summary>
    public required DateTime? ExpiresAt { get; init; }
    /// <summary>The string pairs that came with it, unchanged.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }
    /// <summary>Which edit it runs again, and whether the results are the same; null where it runs none again.</summary>
    public required EditReplayView? Replay { get; init; }
    /// <summary>Where its parts are.</summary>
    public required UrlsView Urls { get; init; }
}

/// <summary>The pictures of an edit.</summary>
/// <param name="Scene">x1, the picture that is edited.</param>
/// <param name="Mask">The free-shape mask; white marks.</param>
/// <param name="Subject">x2; null for a single-image edit.</param>
internal sealed record InputsView(InputView Scene, InputView Mask, InputView? Subject);

/// <summary>One picture of an edit.</summary>
/// <param name="Asset">Id of the asset that holds the upload.</param>
/// <param name="Width">Width in pixels, upright.</param>
/// <param name="Height">Height in pixels, upright.</param>
/// <param name="Sha256">SHA-256 of the upload, hexadecimal; of the upright PNG where the mask was drawn from shapes.</param>
/// <param name="Report">What was done to the upload, one sentence each.</param>
/// <param name="Url">Where its upright decoding is (PNG).</param>
internal sealed record InputView(string Asset, int Width, int Height, string Sha256, IReadOnlyList<string> Report, string Url);

/// <summary>Where the picture that is forming stands.</summary>
/// <param name="Step">Steps done of the picture that is forming.</param>
/// <param name="Steps">Its steps in all.</param>
/// <param name="Output">Its index.</param>
/// <param name="Preview">Where the newest preview is; null before the first.</param>
internal sealed record ProgressView(int Step, int Steps, int Output, string? Preview);

/// <summary>Where a waiting edit stands.</summary>
/// <param name="Position">Place among the edits that wait for the same model and stage, from 1.</param>
/// <param name="EtaSeconds">Seconds until work begins, from recent edits; null while too few have finished.</param>
internal sealed record QueueView(int Position, EtaView? EtaSeconds);

/// <summary>When work is likely to begin.</summary>
/// <param name="P50">Half of such edits have begun by then, seconds.</param>
/// <param name="P90">Nine of ten have, seconds.</param>
internal sealed record EtaView(double P50, double P90);

/// <summary>What the language model made of mask and instruction.</summary>
/// <param name="Answer">The model's sentence.</param>
/// <param name="Label">What the mask marks, or what is to be put there.</param>
/// <param name="Confidence">Calibrated probability of the label, 0 to 1.</param>
/// <param name="Ambiguous">Whether the second candidate has at least half the first one's probability.</param>
/// <param name="Candidates">The likeliest labels, best first.</param>
/// <param name="FullMask">Where the predicted full mask is (PNG); null for a model without one.</param>
internal sealed record UnderstandingView(
    string Answer, string Label, double Confidence, bool Ambiguous, IReadOnlyList<LabelCandidate> Candidates, string? FullMask);

/// <summary>One result.</summary>
/// <param name="Index">0 to n - 1.</param>
/// <param name="Url">Where the picture is.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="Width">Width in pixels: the upright scene's.</param>
/// <param name="Height">Height in pixels: the upright scene's.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Sha256">SHA-256 of the picture's bytes, hexadecimal.</param>
/// <param name="PictureSha256">The same without the provenance in the file, which names the edit: the same for the same pixels in the same format.</param>
/// <param name="Preservation">The proof of what it left alone.</param>
internal sealed record OutputView(
    int Index, string Url, string ContentType, int Width, int Height, uint Seed, string Sha256, string PictureSha256, PreservationView Preservation);

/// <summary>Which pixels differ from the scene, and digests of the rest.</summary>
/// <param name="Region">[x, y, width, height]: the tightest box around every pixel that differs from the upright scene.</param>
/// <param name="ChangedPixels">Pixels that differ.</param>
/// <param name="ChangedOutside">Pixels that differ outside the region that the edit was allowed to change; 0 with background preserve.</param>
/// <param name="EditedMask">Where the picture is that marks exactly the pixels that differ (PNG, white).</param>
/// <param name="OutsideSha256Before">SHA-256 of the upright scene's 8-bit RGBA pixels, row by row, with the region set to zero.</param>
/// <param name="OutsideSha256After">The same of the result, before it was encoded.</param>
/// <param name="Lossless">False where the format loses pixels: the promise then holds before encoding.</param>
internal sealed record PreservationView(
    IReadOnlyList<int> Region, long ChangedPixels, long ChangedOutside, string EditedMask, string OutsideSha256Before, string OutsideSha256After, bool Lossless);

/// <summary>One attempt of a worker.</summary>
/// <param name="Stage"><c>understanding</c> or <c>generating</c>.</param>
/// <param name="Number">Counts from 1 over the whole edit.</param>
/// <param name="Worker">Who works or worked on it.</param>
/// <param name="StartedAt">When it was claimed, UTC.</param>
/// <param name="EndedAt">When it ended, UTC; null while it runs.</param>
/// <param name="Outcome"><c>ok</c>, or how else it ended; null while it runs.</param>
/// <param name="ModelMs">Milliseconds inside the model; null where unknown.</param>
/// <param name="ErrorCode">Why it failed; null where it did not.</param>
internal sealed record AttemptView(
    string Stage, int Number, string Worker, DateTime StartedAt, DateTime? EndedAt, string? Outcome, double? ModelMs, string? ErrorCode);

/// <summary>Milliseconds; null for what has not happened. A stage's time is the sum of its attempts'.</summary>
/// <param name="QueuedMs">From the acceptance to the first start.</param>
/// <param name="UnderstandingMs">All attempts at understanding.</param>
/// <param name="GeneratingMs">All attempts at generating.</param>
/// <param name="TotalMs">From the acceptance to the end.</param>
internal sealed record TimingsView(double? QueuedMs, double? UnderstandingMs, double? GeneratingMs, double? TotalMs);

/// <summary>Where the parts of an edit are, relative to the server.</summary>
/// <param name="Self">The job.</param>
/// <param name="Events">Its events (SSE).</param>
/// <param name="Cancel">Where to cancel it.</param>
/// <param name="Approve">Where to let it go on once it awaits approval.</param>
/// <param name="Manifest">What it takes to run it again.</param>
internal sealed record UrlsView(string Self, string Events, string Cancel, string Approve, string Manifest);

/// <summary>What came of running an edit again.</summary>
/// <param name="Of">The edit that is run again.</param>
/// <param name="PixelsMatch">Whether every result is the same to the last byte; null until there are results.</param>
internal sealed record EditReplayView(string Of, bool? PixelsMatch);
