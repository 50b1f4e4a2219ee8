using FlexEdit.Evaluation.Cases;
using FlexEdit.Evaluation.Metrics;
using FlexEdit.Evaluation.Running;

namespace FlexEdit.Evaluation.Reports;

/// <summary>One editor's results on one benchmark.</summary>
/// <param name="Editor">Its name.</param>
/// <param name="Trivial">Whether it is a baseline.</param>
/// <param name="Cases">Every case with each kind of mask.</param>
public sealed record EditorReport(string Editor, bool Trivial, IReadOnlyList<CaseReport> Cases)
{
    private const int Bins = 10;

    /// <summary>The mean of a metric over the cases of a kind; null where none has a value.</summary>
    /// <param name="masks"><c>full</c> or <c>free</c>.</param>
    /// <param name="kind"><c>single</c> or <c>multiple</c>; null for both.</param>
    /// <param name="metric">Its name in <see cref="CaseReport.Scores"/>.</param>
    public MeanInterval? Of(string masks, string? kind, string metric) =>
        Bootstrap.Of([.. Cases.Where(c => c.Masks == masks && (kind is null || c.Case.Kind == kind) && c.Scores.ContainsKey(metric)).Select(c => c.Scores[metric])]);

    /// <summary>Expected calibration error of the label's probability over ten bins (Guo et al. 2017); null where nothing was read.</summary>
    public double? CalibrationError(string masks)
    {
        var read = Labelled(masks);
        return read.Length == 0 ? null : read
            .GroupBy(c => Math.Min(Bins - 1, (int)(c.Record.Confidence * Bins)))
            .Sum(bin => bin.Count() / (double)read.Length * Math.Abs(bin.Average(Right) - bin.Average(c => c.Record.Confidence)));
    }

    /// <summary>Share of right labels among those that the model called ambiguous, or did not.</summary>
    public MeanInterval? RightWhen(string masks, bool ambiguous) => Bootstrap.Of([.. Labelled(masks).Where(c => c.Record.Ambiguous == ambiguous).Select(Right)]);

    /// <summary>Edits that failed.</summary>
    public int Failed(string masks) => Cases.Count(c => c.Masks == masks && c.Record.Error is not null);

    private CaseReport[] Labelled(string masks) => [.. Cases.Where(c => c.Masks == masks && c.Scores.ContainsKey("understanding.label_top1"))];

    private static double Right(CaseReport report) => report.Scores["understanding.label_top1"];
}

/// <summary>One case.</summary>
/// <param name="Case">Which.</param>
/// <param name="Masks"><c>full</c> or <c>free</c>.</param>
/// <param name="Scores">Its metrics.</param>
/// <param name="Record">What is kept of the edit.</param>
public sealed record CaseReport(EvaluationCase Case, string Masks, IReadOnlyDictionary<string, double> Scores, EditRecord Record);

/// <summary>Everything that a report says.</summary>
/// <param name="Benchmark">Its name.</param>
/// <param name="Masks">The kinds of mask that were run.</param>
/// <param name="Networks">What the metrics were taken with.</param>
/// <param name="Editors">Models first, then the baselines.</param>
public sealed record BenchmarkReport(string Benchmark, IReadOnlyList<string> Masks, IReadOnlyDictionary<string, string> Networks, IReadOnlyList<EditorReport> Editors);
