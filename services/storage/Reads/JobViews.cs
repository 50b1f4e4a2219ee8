using FlexEdit.Contracts.Edits;
using FlexEdit.Storage.Edits;
using FlexEdit.Storage.Ledger;
using static FlexEdit.Storage.Ledger.LedgerJson;

namespace FlexEdit.Storage.Reads;

/// <summary>Makes the job that clients see out of what the ledger holds.</summary>
internal sealed class JobViews(ProgressBoard progress, QueueEstimate queue)
{
    /// <summary>The job of an edit that was read together with its attempts.</summary>
    public async Task<JobView> OfAsync(EditRow edit, CancellationToken cancellationToken)
    {
        var self = EditUrls.Self(edit.Id);
        return new JobView
        {
            Id = edit.Id,
            Status = edit.Status,
            Stage = edit.Stage,
            Sequence = edit.Sequence,
            Model = edit.Model,
            Instruction = edit.Instruction,
            Options = Read<EditOptions>(edit.OptionsJson),
            Inputs = Inputs(edit.Id, Read<EditInputs>(edit.InputsJson)),
            Progress = Progress(edit),
            Queue = edit.WaitingFor is null ? null : await queue.OfAsync(edit, cancellationToken),
            Understanding = edit.UnderstandingJson is null ? null : Understood(edit.Id, Read<UnderstandingResult>(edit.UnderstandingJson)),
            Outputs = edit.OutputsJson is null ? [] : [.. Read<List<EditOutput>>(edit.OutputsJson).Select(output => Output(edit.Id, output))],
            Error = edit.ErrorJson is null ? null : Read<EditError>(edit.ErrorJson),
            Cancellation = edit.CancellationJson is null ? null : Read<CancelReceipt>(edit.CancellationJson),
            Attempts = [.. edit.Attempts.OrderBy(a => a.Number).Select(Attempt)],
            Timings = Timings(edit),
            CreatedAt = UtcTime.Of(edit.CreatedAt),
            StartedAt = UtcTime.Of(edit.StartedAt),
            CompletedAt = UtcTime.Of(edit.CompletedAt),
            ExpiresAt = UtcTime.Of(edit.RemoveAfter),
            Metadata = Read<Dictionary<string, string>>(edit.MetadataJson),
            Replay = edit.ReplayJson is null ? null : ReplayOf(Read<Replay>(edit.ReplayJson)),
            Urls = new UrlsView(self, $"{self}/events", $"{self}/cancel", $"{self}/approve", EditUrls.Manifest(edit.Id)),
        };
    }

    private static EditReplayView ReplayOf(Replay replay) => new(replay.Of, replay.PixelsMatch);

    private static InputsView Inputs(string id, EditInputs inputs) => new(
        Input(id, "scene", inputs.Scene), Input(id, "mask", inputs.Mask), inputs.Subject is null ? null : Input(id, "subject", inputs.Subject));

    private static InputView Input(string id, string name, InputPicture picture) =>
        new(picture.Asset, picture.Width, picture.Height, picture.Sha256, picture.Report, EditUrls.Input(id, name));

    private static UnderstandingView Understood(string id, UnderstandingResult result) => new(
        result.Answer, result.Label, result.Confidence, result.Ambiguous, result.Candidates, result.FullMaskKey is null ? null : EditUrls.FullMask(id));

    private static OutputView Output(string id, EditOutput output)
    {
        var kept = output.Preservation;
        return new OutputView(
            output.Index, EditUrls.Output(id, output.Index), output.ContentType, output.Width, output.Height, output.Seed, output.Sha256, output.PictureSha256 ?? output.Sha256,
            new PreservationView(
                kept.Region, kept.ChangedPixels, kept.ChangedOutside, EditUrls.EditedMask(id, output.Index), kept.OutsideSha256Before,
                kept.OutsideSha256After, kept.Lossless));
    }

    private static AttemptView Attempt(AttemptRow attempt) => new(
        attempt.Stage, attempt.Number, attempt.Worker, UtcTime.Of(attempt.StartedAt), UtcTime.Of(attempt.EndedAt), attempt.Outcome, attempt.ModelMs,
        attempt.ErrorCode);

    private static TimingsView Timings(EditRow edit) => new(
        edit.StartedAt is { } started ? UtcTime.Milliseconds(edit.CreatedAt, started) : null,
        Worked(edit, EditStage.Understanding),
        Worked(edit, EditStage.Generating),
        edit.CompletedAt is { } completed ? UtcTime.Milliseconds(edit.CreatedAt, completed) : null);

    private static double? Worked(EditRow edit, string stage)
    {
        var ended = edit.Attempts.Where(a => a.Stage == stage && a.EndedAt is not null).ToArray();
        return ended.Length == 0 ? null : ended.Sum(a => UtcTime.Milliseconds(a.StartedAt, a.EndedAt!.Value));
    }

    private ProgressView? Progress(EditRow edit)
    {
        if (edit.LiveAttempt is null || progress.Of(edit.Id) is not var (report, preview) || report.Attempt != edit.LiveAttempt)
            return null;
        return new ProgressView(report.Step, report.Steps, report.Output, preview is null ? null : EditUrls.Preview(edit.Id));
    }
}
