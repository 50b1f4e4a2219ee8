using System.Threading.Channels;
using FlexEdit.Contracts.Messages;
using FlexEdit.Generation.Engine;
using FlexEdit.Platform.Attempts;
using FlexEdit.Platform.Objects;
using MassTransit;

namespace FlexEdit.Generation.Edits;

/// <summary>
/// Tells the world how far an edit is, beside the engine's loop: reports are put into a short queue and sent by a task of
/// their own. Where sending is slower than sampling the oldest are dropped; nothing waits for a report, and none fails an edit.
/// </summary>
internal sealed partial class ProgressReports : IAsyncDisposable
{
    private const int Waiting = 8;

    // A broker that is away takes a message and never confirms it; the edit must not wait with it.
    private static readonly TimeSpan LongestSend = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestEnd = TimeSpan.FromMilliseconds(500);

    private readonly RunningAttempt _attempt;
    private readonly ProgressPace _pace;
    private readonly IObjectStore _objects;
    private readonly IPublishEndpoint _bus;
    private readonly Func<PreviewCanvas> _canvas;
    private readonly Func<byte[], CancellationToken, Task<bool>> _mayShow;
    private readonly ILogger _logger;
    private readonly Channel<(int Output, PaintingProgress Progress)> _queue =
        Channel.CreateBounded<(int, PaintingProgress)>(new BoundedChannelOptions(Waiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly CancellationTokenSource _leaving;
    private readonly Task _sender;
    private PreviewCanvas? _drawn;

    /// <summary>Starts sending.</summary>
    public ProgressReports(RunningAttempt attempt, IObjectStore objects, IPublishEndpoint bus, Func<PreviewCanvas> canvas, Func<byte[], CancellationToken, Task<bool>> mayShow, ILogger logger)
    {
        (_attempt, _objects, _bus, _canvas, _mayShow, _logger) = (attempt, objects, bus, canvas, mayShow, logger);
        _pace = new ProgressPace(attempt.Grant.Options.N, TimeProvider.System);
        _leaving = CancellationTokenSource.CreateLinkedTokenSource(attempt.Stopping);
        _sender = Task.Run(SendAsync);
    }

    /// <summary>Takes a report of the engine; returns at once.</summary>
    public void Take(int output, PaintingProgress progress)
    {
        _attempt.Count(progress.Step > 0 && !progress.IsEnd ? 1 : 0, progress.ModelMs);
        if (!progress.IsEnd && _pace.IsDue(output, progress))
            _queue.Writer.TryWrite((output, progress));
    }

    /// <summary>Sends what is left, as far as that is quick.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        _leaving.CancelAfter(LongestEnd);
        await _sender;
        _leaving.Dispose();
    }

    private async Task SendAsync()
    {
        await foreach (var (output, progress) in _queue.Reader.ReadAllAsync(CancellationToken.None))
        {
            if (_leaving.IsCancellationRequested)
                continue;
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(_leaving.Token);
            limit.CancelAfter(LongestSend);
            try
            {
                await _bus.Publish(await ReportAsync(output, progress, limit.Token), limit.Token);
            }
            catch (Exception problem)
            {
                LogLost(_attempt.Grant.Attempt.EditId, problem);
            }
        }
    }

    private async Task<EditProgressed> ReportAsync(int output, PaintingProgress progress, CancellationToken cancellationToken)
    {
        string? key = null;
        if (progress.Preview is not null && await _mayShow(progress.Preview, cancellationToken))
        {
            _drawn ??= _canvas();
            key = _attempt.ObjectKey($"preview-{output}-{progress.Step}.jpg");
            await _objects.PutAsync(key, _drawn.Draw(progress.Preview), "image/jpeg", cancellationToken);
        }
        return new EditProgressed
        {
            EditId = _attempt.Grant.Attempt.EditId,
            Attempt = _attempt.Grant.Attempt.Attempt,
            Output = output,
            Step = progress.Step,
            Steps = progress.Steps,
            PreviewKey = key,
        };
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Edit {EditId}: a progress report was lost.")]
    private partial void LogLost(string editId, Exception problem);
}
