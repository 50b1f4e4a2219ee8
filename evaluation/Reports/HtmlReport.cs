using System.Globalization;
using System.Net;
using System.Text;
using FlexEdit.Evaluation.Cases;
using FlexEdit.Evaluation.Running;
using FlexEdit.Imaging;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;

namespace FlexEdit.Evaluation.Reports;

/// <summary>A page with every case: scene, mask, subject, what was expected, and each editor's picture side by side. It stands alone in one file.</summary>
public static class HtmlReport
{
    private const string Style = """
        :root{color-scheme:light dark}body{font:14px/1.4 system-ui,sans-serif;margin:1.5rem;max-width:120rem}
        section{border-top:1px solid #8884;padding:.6rem 0}h2{font-size:1rem;margin:.2rem 0}p{margin:.2rem 0}
        .row{display:flex;flex-wrap:wrap;gap:.5rem}figure{margin:0;width:170px}img{width:170px;height:170px;object-fit:contain;background:#8882}
        figcaption{font-size:12px}pre{overflow:auto;background:#8881;padding:1rem;font-size:12px}
        """;

    /// <summary>Writes the page.</summary>
    /// <param name="path">The file.</param>
    /// <param name="report">What was measured.</param>
    /// <param name="set">The cases.</param>
    /// <param name="run">Where the pictures are.</param>
    /// <param name="tables">The Markdown tables.</param>
    public static void Write(string path, BenchmarkReport report, BenchmarkSet set, BenchmarkRun run, string tables)
    {
        using var page = new StreamWriter(path, append: false, new UTF8Encoding(false));
        page.WriteLine($"<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{Text(report.Benchmark)}</title><style>{Style}</style><h1>{Text(report.Benchmark)}</h1>");
        page.WriteLine($"<details><summary>Tables</summary><pre>{Text(tables)}</pre></details>");
        foreach (var one in set.Cases)
        {
            var pictures = one.Open();
            page.WriteLine($"<section id=\"{Text(one.Case.Id)}\"><h2>{Text(one.Case.Id)}: {Text(one.Case.Instruction)}</h2>");
            page.WriteLine($"<p>{Text(string.Join(", ", new[] { one.Case.Operation, one.Case.MaskKind, one.Case.Orientation, one.Case.Setting, one.Case.SubjectKind, one.Case.Label }.OfType<string>()))}</p><div class=\"row\">");
            Figure(page, pictures.Scene, "scene");
            foreach (var masks in report.Masks)
                Figure(page, Overlay(pictures.Scene, masks == BenchmarkRun.FullMasks ? pictures.Full : pictures.Free), $"{masks} mask");
            if (pictures.Subject is { } subject)
                Figure(page, subject.Over(255, 255, 255), "subject");
            Figure(page, pictures.Expected, "expected");
            foreach (var editor in report.Editors.Where(e => !e.Trivial))
            {
                foreach (var result in editor.Cases.Where(c => c.Case.Id == one.Case.Id))
                    Figure(page, run.Load(editor.Editor, result.Masks, one.Case, pictures).Outcome.Picture, Caption(editor.Editor, result));
            }
            page.WriteLine("</div></section>");
        }
        page.WriteLine("</html>");
    }

    private static string Caption(string editor, CaseReport result)
    {
        var text = new StringBuilder($"{editor}, {result.Masks} mask");
        if (result.Record.Error is { } error)
            return text.Append(": failed: ").Append(error).ToString();
        foreach (var (metric, title) in new[] { ("foreground.psnr", "PSNR"), ("foreground_psnr", "PSNR"), ("foreground.clip_t", "CLIP-T"), ("clip_t", "CLIP-T"), ("understanding.full_mask_iou", "mask IoU") })
        {
            if (result.Scores.TryGetValue(metric, out var value))
                text.Append(CultureInfo.InvariantCulture, $", {title} {value:F2}");
        }
        return result.Record.Label is { } label ? text.Append(CultureInfo.InvariantCulture, $", “{label}” {result.Record.Confidence:F2}").ToString() : text.ToString();
    }

    private static RgbImage Overlay(RgbImage scene, Mask mask)
    {
        var result = new RgbImage(scene.Width, scene.Height, (byte[])scene.Pixels.Clone());
        for (var i = 0; i < result.Pixels.Length; i++)
            result.Pixels[i] = (byte)(mask.Pixels[i / 3] != 0 ? 55 + (result.Pixels[i] * 200 / 1000) + 160 : result.Pixels[i] * 6 / 10);
        return result;
    }

    private static void Figure(TextWriter page, RgbImage picture, string caption) =>
        page.WriteLine($"<figure><img loading=\"lazy\" alt=\"{Text(caption)}\" src=\"data:image/jpeg;base64,{Convert.ToBase64String(PictureEncoder.Jpeg(picture, 85))}\"><figcaption>{Text(caption)}</figcaption></figure>");

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
