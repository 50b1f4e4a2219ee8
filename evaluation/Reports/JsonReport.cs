using System.Text.Json;
using System.Text.Json.Nodes;
using FlexEdit.Evaluation.Cases;
using FlexEdit.Evaluation.Metrics;

namespace FlexEdit.Evaluation.Reports;

/// <summary>
/// The report as JSON. <c>summary</c> is the first model's; <c>models.NAME.summary</c> has every one's, baselines included. A metric that could not be
/// taken is null.
/// </summary>
public static class JsonReport
{
    private static readonly string[] Foreground = ["psnr", "clip_t", "clip_i", "dino"];
    private static readonly string[] Whole = ["psnr", "lpips", "clip_i", "dino"];
    private static readonly string[] Single = ["psnr", "ssim", "lpips", "clip_t", "psnr_smartedit", "foreground_psnr"];
    private static readonly JsonSerializerOptions s_written = new(EvaluationCase.Json) { WriteIndented = true };

    /// <summary>The text of the file.</summary>
    public static string Write(BenchmarkReport report)
    {
        var models = new JsonObject();
        var cases = new JsonArray();
        foreach (var editor in report.Editors)
        {
            models[editor.Editor] = new JsonObject { ["trivial"] = editor.Trivial, ["summary"] = Summary(editor, report.Masks) };
            foreach (var one in editor.Cases)
                cases.Add(Case(editor.Editor, one));
        }
        return new JsonObject
        {
            ["benchmark"] = report.Benchmark,
            ["model"] = report.Editors[0].Editor,
            ["networks"] = new JsonObject(report.Networks.Select(n => KeyValuePair.Create(n.Key, (JsonNode?)n.Value))),
            ["summary"] = Summary(report.Editors[0], report.Masks),
            ["models"] = models,
            ["cases"] = cases,
        }.ToJsonString(s_written) + "\n";
    }

    private static JsonObject Summary(EditorReport editor, IReadOnlyList<string> masks)
    {
        var summary = new JsonObject();
        foreach (var kind in masks)
        {
            JsonObject Take(IEnumerable<string> names, string cases, string prefix) =>
                new(names.Select(n => KeyValuePair.Create(n, (JsonNode?)Value(editor.Of(kind, cases, prefix + n)))));
            summary[kind] = new JsonObject
            {
                ["multiple"] = new JsonObject
                {
                    ["foreground"] = Take(Foreground, EvaluationCase.Multiple, "foreground."),
                    ["whole"] = Take(Whole, EvaluationCase.Multiple, "whole."),
                },
                ["single"] = Take(Single, EvaluationCase.Single, ""),
                ["understanding"] = new JsonObject
                {
                    ["label_top1"] = Value(editor.Of(kind, null, "understanding.label_top1")),
                    ["full_mask_iou"] = Value(editor.Of(kind, null, "understanding.full_mask_iou")),
                    ["calibration_error"] = editor.CalibrationError(kind) is { } error ? Math.Round(error, 4) : null,
                    ["label_top1_when_ambiguous"] = Value(editor.RightWhen(kind, ambiguous: true)),
                    ["label_top1_when_certain"] = Value(editor.RightWhen(kind, ambiguous: false)),
                },
                ["changed_outside"] = Value(editor.Of(kind, null, "changed_outside")),
                ["follows"] = Value(editor.Of(kind, null, "follows")),
                ["failed"] = editor.Failed(kind),
            };
        }
        return summary;
    }

    private static JsonObject? Value(MeanInterval? value) => value is null ? null : new JsonObject
    {
        ["mean"] = Math.Round(value.Mean, 6),
        ["ci95"] = new JsonArray(Math.Round(value.Low, 6), Math.Round(value.High, 6)),
        ["cases"] = value.Count,
    };

    private static JsonObject Case(string editor, CaseReport one) => new()
    {
        ["model"] = editor,
        ["masks"] = one.Masks,
        ["id"] = one.Case.Id,
        ["kind"] = one.Case.Kind,
        ["operation"] = one.Case.Operation,
        ["mask_kind"] = one.Case.MaskKind,
        ["orientation"] = one.Case.Orientation,
        ["setting"] = one.Case.Setting,
        ["subject_kind"] = one.Case.SubjectKind,
        ["scores"] = new JsonObject(one.Scores.Select(s => KeyValuePair.Create(s.Key, (JsonNode?)Math.Round(s.Value, 6)))),
        ["label"] = one.Record.Label,
        ["confidence"] = one.Record.Label is null ? null : Math.Round(one.Record.Confidence, 4),
        ["seconds"] = Math.Round(one.Record.Seconds, 3),
        ["error"] = one.Record.Error,
    };
}
