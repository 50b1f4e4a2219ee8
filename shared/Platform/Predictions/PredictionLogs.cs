using System.Globalization;
using System.Text;

namespace FlexEdit.Platform.Predictions;

/// <summary>The <c>logs</c> of a prediction. Replicate's clients find progress in them where a line is written as tqdm writes it.</summary>
public static class PredictionLogs
{
    private const int Width = 10;

    /// <summary>One line of progress, for instance <c> 40%|████      | 8/20</c>.</summary>
    /// <param name="step">Steps done.</param>
    /// <param name="steps">Steps in all, at least 1.</param>
    public static string Progress(int step, int steps)
    {
        var share = Math.Clamp((double)step / Math.Max(steps, 1), 0, 1);
        return string.Create(CultureInfo.InvariantCulture, $"{(int)(100 * share),3}%|{new string('█', (int)(Width * share)),-Width}| {step}/{steps}");
    }

    internal static string Of(JobOfPrediction job)
    {
        if (job.StartedAt is null)
            return "";
        var logs = new StringBuilder().Append(CultureInfo.InvariantCulture, $"Using seed: {job.Options.Seed}");
        if (job.Understanding is { Answer: var answer })
            logs.Append('\n').Append(answer.ReplaceLineEndings(" "));
        if (job.Outputs.Count > 0)
            logs.Append('\n').Append(Progress(job.Options.Steps, job.Options.Steps));
        else if (job.Progress is { } progress)
            logs.Append('\n').Append(Progress(progress.Step, progress.Steps));
        return logs.ToString();
    }
}
