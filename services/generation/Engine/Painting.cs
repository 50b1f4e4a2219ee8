using FlexEdit.Generation.Telemetry;
using FlexEdit.Models.Editing;

namespace FlexEdit.Generation.Engine;

/// <summary>One picture that the engine has been asked for.</summary>
internal sealed class Painting(GenerationRequest request, Action<PaintingProgress>? report, CancellationToken stopping)
{
    private readonly TaskCompletionSource<GeneratedCrop> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IEditInFlight? _edit;

    public GenerationRequest Request { get; } = request;

    public PaintingTrace Trace { get; } = new();

    public bool IsStopped => stopping.IsCancellationRequested;

    public Task<GeneratedCrop> Result => _result.Task;

    public bool IsDone => _result.Task.IsCompleted;

    public IEditInFlight Edit
    {
        get => _edit ?? throw new InvalidOperationException("The picture has not begun.");
        set => _edit = value;
    }

    public void Report(PaintingProgress progress) => report?.Invoke(progress);

    public void Finish(GeneratedCrop crop) => End(() => _result.TrySetResult(crop));

    public void Fail(Exception problem) => End(() => _result.TrySetException(problem));

    public void Cancel() => End(() => _result.TrySetCanceled(stopping));

    // The slot is free before anybody hears of the end.
    private void End(Action tell)
    {
        _edit?.Dispose();
        _edit = null;
        Trace.End();
        tell();
    }
}
