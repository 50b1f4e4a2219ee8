using System.Globalization;
using FlexEdit.Cli.Api;
using FlexEdit.Contracts.Edits;

namespace FlexEdit.Cli.Showing;

/// <summary>The sentences in which edits are told.</summary>
public static class Wording
{
    /// <summary><c>850 ms</c>, <c>3.2 s</c>, <c>2 min 5 s</c>; a dash for null.</summary>
    public static string Duration(double? milliseconds) => milliseconds switch
    {
        null => "–",
        < 1000 => Invariant($"{milliseconds:0} ms"),
        < 59_950 => Invariant($"{milliseconds / 1000:0.0} s"),
        _ => Invariant($"{(int)(milliseconds / 60_000)} min {milliseconds % 60_000 / 1000:0} s"),
    };

    /// <summary>How an edit ended, with the time of each stage.</summary>
    public static string Ending(EditJob job) => job.Status switch
    {
        EditStatus.Succeeded => $"succeeded in {Duration(job.Timings?.TotalMs)}: {Stages(job)}",
        EditStatus.Failed when job.Error is { } error => $"failed: {error.Detail} ({error.Code}{(error.Retryable ? ", worth another try" : "")})",
        _ => job.Status,
    };

    /// <summary>The time of each stage.</summary>
    public static string Stages(EditJob job) =>
        $"queued {Duration(job.Timings?.QueuedMs)}, understanding {Duration(job.Timings?.UnderstandingMs)}, generating {Duration(job.Timings?.GeneratingMs)}";

    /// <summary>What the model said of the mask and the instruction.</summary>
    public static string Understood(JobUnderstanding understanding) =>
        Invariant($"{understanding.Answer.Trim()} ({100 * understanding.Confidence:0}% sure{(understanding.Ambiguous ? ", ambiguous" : "")})");

    /// <summary>What a person needs to know to approve an edit, and how.</summary>
    public static IEnumerable<string> ForApproval(EditJob job)
    {
        if (job.Understanding is { } understanding)
        {
            yield return Understood(understanding);
            if (understanding.Candidates.Count > 1)
                yield return $"likeliest labels: {string.Join(", ", understanding.Candidates.Select(candidate => Invariant($"{candidate.Label} ({100 * candidate.Confidence:0}%)")))}";
            if (understanding.FullMask is { } mask)
                yield return $"the whole object, as predicted: {mask}";
        }
        yield return $"go on with: flexedit approve {job.Id} [--label TEXT] [--instruction TEXT] [--mask FILE | --shapes JSON]";
    }

    /// <summary>Text with numbers as in English, whatever the machine's culture.</summary>
    public static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
