using System.Globalization;
using System.Text.Json;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Ledger;
using FlexEdit.Contracts.Messages;

namespace FlexEdit.Gateway.Edits.WatchEdit;

/// <summary>The events of <c>GET /v1/edits/{id}/events</c>.</summary>
internal sealed class NativeEvents(SseWriter sse) : IEditEvents
{
    public Task ChangedAsync(EditEvent change, CancellationToken cancellationToken) =>
        sse.WriteEventAsync("status", Number(change.Sequence), Json(new { change.Sequence, change.Status, change.Stage }), cancellationToken);

    public Task ProgressedAsync(EditProgressed step, long sequence, CancellationToken cancellationToken) =>
        sse.WriteEventAsync("progress", StepId(sequence, step), Json(new { step.Step, step.Steps, step.Output }), cancellationToken);

    public bool WantsPreview(EditProgressed step) => true;

    public Task PreviewedAsync(EditProgressed step, long sequence, SharedPreview preview, CancellationToken cancellationToken) => sse.WriteEventAsync(
        "preview", StepId(sequence, step),
        string.Create(CultureInfo.InvariantCulture, $$"""{"output":{{step.Output}},"step":{{step.Step}},"image":"data:image/jpeg;base64,"""), preview.Base64Text, "\"}", cancellationToken);

    public Task EndedAsync(EditJournal log, CancellationToken cancellationToken) =>
        sse.WriteEventAsync("done", Number(log.Sequence), log.Job, cancellationToken);

    private static string StepId(long sequence, EditProgressed step) => string.Create(CultureInfo.InvariantCulture, $"{sequence}.{step.Step}");

    private static string Number(long sequence) => sequence.ToString(CultureInfo.InvariantCulture);

    private static string Json<T>(T data) => JsonSerializer.Serialize(data, ContractJson.Options);
}
