using System.Diagnostics;
using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Errors;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Platform.Attempts;
using FlexEdit.Screening.Hosting;
using FlexEdit.Screening.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FlexEdit.Screening;

/// <summary>
/// The operator's rules for pictures, as a worker asks about them. Without a classifier it lets everything pass and costs nothing.
/// What it does not let pass ends the edit; a classifier that breaks ends the attempt, or, where the operator says so, lets the picture pass.
/// </summary>
public sealed partial class ContentScreen : IHostedService
{
    private readonly ContentOptions _options;
    private readonly ClassifierProcess _classifier;
    private readonly ILogger<ContentScreen> _log;

    internal ContentScreen(IOptions<ContentOptions> options, ClassifierProcess classifier, ILogger<ContentScreen> log) =>
        (_options, _classifier, _log) = (options.Value, classifier, log);

    /// <summary>Whether scenes and subjects are screened.</summary>
    public bool ScreensInputs => _options.IsOn && _options.Inputs;

    /// <summary>Whether results are screened.</summary>
    public bool ScreensResults => _options.IsOn && _options.Results;

    /// <summary>Whether nothing is shown of a picture while it forms.</summary>
    public bool WithholdsPreviews => ScreensResults && _options.Previews == ContentWords.Withheld;

    /// <summary>Starts the classifier where there is one, so that a wrong one ends the start.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => _options.IsOn ? _classifier.StartAsync(cancellationToken) : Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Returns where an input may be used.</summary>
    /// <param name="edit">The edit's id, for the log.</param>
    /// <param name="name"><c>scene</c> or <c>subject</c>.</param>
    /// <param name="picture">Upright.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="AttemptException"><c>input_rejected</c>; <c>unavailable</c> where it cannot be screened now.</exception>
    public async Task CheckInputAsync(string edit, string name, RgbaImage picture, CancellationToken cancellationToken)
    {
        if (ScreensInputs && !await PassesAsync(edit, name, picture, cancellationToken))
            throw Rejected(ErrorCodes.InputRejected, $"The {name} is not accepted by the content rules of this service.");
    }

    /// <summary>Returns where a result may be stored.</summary>
    /// <param name="edit">The edit's id, for the log.</param>
    /// <param name="picture">The result, or a part of it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="AttemptException"><c>output_rejected</c>; <c>unavailable</c> where it cannot be screened now.</exception>
    public async Task CheckResultAsync(string edit, RgbaImage picture, CancellationToken cancellationToken)
    {
        if (ScreensResults && !await PassesAsync(edit, "result", picture, cancellationToken))
            throw Rejected(ErrorCodes.OutputRejected, "The result is not accepted by the content rules of this service.");
    }

    /// <summary>Whether a picture on the way to a result may be shown. It fails no attempt.</summary>
    /// <param name="edit">The edit's id, for the log.</param>
    /// <param name="picture">Makes what would be shown, or a part of it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<bool> MayShowAsync(string edit, Func<RgbaImage> picture, CancellationToken cancellationToken)
    {
        if (!ScreensResults)
            return true;
        try
        {
            return !WithholdsPreviews && await PassesAsync(edit, "preview", picture(), cancellationToken);
        }
        catch (AttemptException)
        {
            return false;
        }
    }

    private async Task<bool> PassesAsync(string edit, string what, RgbaImage picture, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            foreach (var look in Looks.Of(picture, _options))
            {
                var score = await _classifier.ScoreAsync(look, cancellationToken);
                if (score < _options.Threshold)
                    continue;
                LogRejected(edit, what, score);
                ScreenMetrics.Screened(what, ScreenMetrics.Rejected, Stopwatch.GetElapsedTime(began));
                return false;
            }
            ScreenMetrics.Screened(what, ScreenMetrics.Passed, Stopwatch.GetElapsedTime(began));
            return true;
        }
        catch (ScreenFailedException problem)
        {
            ScreenMetrics.Screened(what, ScreenMetrics.Failed, Stopwatch.GetElapsedTime(began));
            LogFailed(problem, edit, what, _options.OnFailure);
            return _options.OnFailure == ContentWords.Pass ? true : throw new AttemptException(s_unavailable, problem);
        }
    }

    private static readonly EditError s_unavailable = new() { Code = ErrorCodes.Unavailable, Detail = "The edit's pictures could not be screened.", Retryable = true };

    private static AttemptException Rejected(string code, string detail) => new(new EditError { Code = code, Detail = detail, Retryable = false });

    [LoggerMessage(Level = LogLevel.Information, Message = "Edit {EditId}: the {What} was rejected with {Score:0.000}.")]
    private partial void LogRejected(string editId, string what, double score);

    [LoggerMessage(Level = LogLevel.Error, Message = "Edit {EditId}: the {What} could not be screened; the rule for that is to {Rule}.")]
    private partial void LogFailed(Exception problem, string editId, string what, string rule);
}
