using System.Globalization;
using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Ledger;
using FlexEdit.Contracts.Messages;
using FlexEdit.Gateway.Edits.WatchEdit;
using FlexEdit.Platform.Objects;
using FlexEdit.Platform.Predictions;

namespace FlexEdit.Gateway.Doors.Replicate;

/// <summary>
/// An edit as Replicate's clients read a stream: <c>logs</c> for every step, <c>output</c> for every result, <c>error</c>, and <c>done</c>, at the end of all. Every event has an id: one client passes over those without.
/// </summary>
/// <param name="sse">The connection.</param>
/// <param name="show">Shows the edit as a prediction.</param>
/// <param name="objects">Where its results are.</param>
internal sealed class PredictionEvents(SseWriter sse, Func<EditJournal, Task<PredictionView>> show, IObjectStore objects) : IEditEvents
{
    public Task ChangedAsync(EditEvent change, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task ProgressedAsync(EditProgressed step, long sequence, CancellationToken cancellationToken) =>
        sse.WriteEventAsync("logs", string.Create(CultureInfo.InvariantCulture, $"{sequence}.{step.Step}"), PredictionLogs.Progress(step.Step, step.Steps), cancellationToken);

    public bool WantsPreview(EditProgressed step) => false;

    public Task PreviewedAsync(EditProgressed step, long sequence, SharedPreview preview, CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task EndedAsync(EditJournal log, CancellationToken cancellationToken)
    {
        var id = log.Sequence.ToString(CultureInfo.InvariantCulture);
        var done = "{}";
        if (log.Status == EditStatus.Canceled)
        {
            done = """{"reason":"canceled"}""";
        }
        else if (EditEnd.WhyNot(log) is { } problem)
        {
            await sse.WriteEventAsync("error", id, problem.Detail, cancellationToken);
            done = """{"reason":"error"}""";
        }
        foreach (var (address, result) in ((await show(log)).Output ?? []).Zip(log.Outputs))
        {
            if (!PredictionAnswer.IsNoFile(address))
            {
                await sse.WriteEventAsync("output", id, address, cancellationToken);
                continue;
            }
            await using var picture = await StoredPicture.OpenAsync(objects, result, cancellationToken);
            await sse.WriteEventAsync("output", (stream, token) => StoredPicture.WriteDataUriAsync(stream, result.ContentType, picture, token), cancellationToken, id);
        }
        await sse.WriteEventAsync("done", id, done, cancellationToken);
    }
}
