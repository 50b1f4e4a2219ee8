using System.Globalization;
using System.Text;
using FlexEdit.Evaluation.Cases;
using FlexEdit.Evaluation.Metrics;
using FlexEdit.Evaluation.Running;

namespace FlexEdit.Evaluation.Reports;

/// <summary>The tables, laid out as the paper's Tables 1 to 4, and what the paper lacks. Every mean has its 95 % interval.</summary>
/// <param name="report">What was measured.</param>
/// <param name="withoutCa">The model trained without the adapter's cross-attention with the scene; null where there is none.</param>
/// <param name="withoutDca">The model trained without decoupled cross-attention; null where there is none.</param>
public sealed class MarkdownReport(BenchmarkReport report, string? withoutCa = null, string? withoutDca = null)
{
    private static readonly (string Metric, string Title, int Digits)[] s_multiple =
    [
        ("foreground.psnr", "PSNR ↑", 2), ("foreground.clip_t", "CLIP-T ↑", 2), ("foreground.clip_i", "CLIP-I ↑", 4), ("foreground.dino", "DINOv2 ↑", 4),
        ("whole.psnr", "PSNR ↑", 2), ("whole.lpips", "LPIPS ↓", 4), ("whole.clip_i", "CLIP-I ↑", 4), ("whole.dino", "DINOv2 ↑", 4),
    ];

    private static readonly (string Metric, string Title, int Digits)[] s_single =
        [("psnr", "PSNR ↑", 2), ("ssim", "SSIM ↑", 4), ("lpips", "LPIPS ↓", 4), ("clip_t", "CLIP-T ↑", 2)];

    private static readonly (string Metric, string Title, int Digits)[] s_more =
    [
        ("follows", "follows ↑", 3), ("changed_outside", "changed outside ↓", 4), ("foreground_psnr", "edited region PSNR (single) ↑", 2),
        ("understanding.label_top1", "label top-1 ↑", 3), ("understanding.full_mask_iou", "full-mask IoU ↑", 3),
    ];

    private readonly StringBuilder _text = new();

    /// <summary>All tables.</summary>
    public string Write()
    {
        _text.AppendLine(CultureInfo.InvariantCulture, $"# {report.Benchmark}").AppendLine();
        _text.AppendLine(CultureInfo.InvariantCulture, $"CLIP columns by {report.Networks["clip"]}, DINOv2 columns by {report.Networks["dino"]}, LPIPS columns by {report.Networks["lpips"]}; in brackets the 95 % interval by bootstrap over cases. *Italic*: trivial baselines. **Bold**: a model that beats every trivial baseline in that column.").AppendLine();
        _text.AppendLine("## Table 1. Multiple-image editing").AppendLine();
        foreach (var masks in report.Masks)
        {
            _text.AppendLine(CultureInfo.InvariantCulture, $"{TitleOf(masks)}: the first four columns are the foreground, the other four the whole image.").AppendLine();
            Table(masks, EvaluationCase.Multiple, s_multiple);
        }
        _text.AppendLine("## Table 2. Single-image editing").AppendLine();
        foreach (var masks in report.Masks)
        {
            _text.AppendLine(CultureInfo.InvariantCulture, $"{TitleOf(masks)}: PSNR, SSIM and LPIPS of the background, CLIP-T of the foreground.").AppendLine();
            Table(masks, EvaluationCase.Single, s_single);
        }
        var ablation = report.Masks.Contains(BenchmarkRun.FreeMasks) ? BenchmarkRun.FreeMasks : report.Masks[0];
        Ablation("## Table 3. Ablation, multiple-image editing", ablation, EvaluationCase.Multiple, s_multiple);
        Ablation("## Table 4. Ablation, single-image editing", ablation, EvaluationCase.Single, s_single);
        _text.AppendLine("## What the paper does not measure").AppendLine();
        foreach (var masks in report.Masks)
        {
            _text.AppendLine(CultureInfo.InvariantCulture, $"{TitleOf(masks)}.").AppendLine();
            Table(masks, null, s_more);
        }
        return _text.ToString().TrimEnd() + "\n";
    }

    private static string TitleOf(string masks) => masks == BenchmarkRun.FullMasks ? "Full mask" : "Free-shape mask";

    private void Table(string masks, string? kind, (string Metric, string Title, int Digits)[] columns)
    {
        Head(["Method", .. columns.Select(c => c.Title)]);
        foreach (var editor in report.Editors)
            Row([editor.Trivial ? $"*{editor.Editor}*" : editor.Editor, .. columns.Select(c => Cell(editor, masks, kind, c))]);
        _text.AppendLine();
    }

    private void Ablation(string title, string masks, string kind, (string Metric, string Title, int Digits)[] columns)
    {
        _text.AppendLine(title).AppendLine();
        Head(["CA", "DCA", .. columns.Select(c => c.Title)]);
        foreach (var (ca, dca, name) in new[] { ("✓", "✓", report.Editors[0].Editor), ("–", "✓", withoutCa), ("✓", "–", withoutDca) })
        {
            var editor = report.Editors.FirstOrDefault(e => e.Editor == name);
            Row([ca, dca, .. columns.Select(c => editor is null ? "not trained" : Cell(editor, masks, kind, c))]);
        }
        _text.AppendLine();
    }

    private string Cell(EditorReport editor, string masks, string? kind, (string Metric, string Title, int Digits) column)
    {
        if (editor.Of(masks, kind, column.Metric) is not { } value)
            return "–";
        var text = $"{Number(value.Mean, column.Digits)} [{Number(value.Low, column.Digits)}, {Number(value.High, column.Digits)}]";
        return !editor.Trivial && BeatsBaselines(value, masks, kind, column.Metric, higher: column.Title.EndsWith('↑')) ? $"**{text}**" : text;
    }

    private bool BeatsBaselines(MeanInterval value, string masks, string? kind, string metric, bool higher) =>
        report.Editors.Where(e => e.Trivial).Select(e => e.Of(masks, kind, metric)).OfType<MeanInterval>().ToArray() is { Length: > 0 } trivial
        && trivial.All(t => higher ? value.Mean > t.Mean : value.Mean < t.Mean);

    private void Head(IReadOnlyList<string> titles)
    {
        Row(titles);
        Row([.. titles.Select(_ => "---")]);
    }

    private void Row(IEnumerable<string> cells) => _text.Append("| ").AppendJoin(" | ", cells).AppendLine(" |");

    private static string Number(double value, int digits) => value.ToString("F" + digits, CultureInfo.InvariantCulture);
}
