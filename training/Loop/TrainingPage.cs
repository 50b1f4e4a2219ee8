using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace FlexEdit.Training.Loop;

/// <summary><c>training.html</c>: every run of a folder with the curve of each of its figures, and the newest sample sheets. One file beside the pictures, no scripts.</summary>
public static class TrainingPage
{
    private const int Width = 360, Height = 120, MostSheets = 6;

    /// <summary>Writes the page of a folder.</summary>
    public static void Write(string folder)
    {
        var page = new StringBuilder("<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Training</title>\n<style>body{font:15px sans-serif;margin:2em}figure{display:inline-block;margin:0 1em 1em 0}figcaption{font-size:13px}svg{background:#f4f4f4}polyline{fill:none;stroke:#1f5fa8;stroke-width:1.5}img{max-width:100%}</style>\n<h1>Training</h1>\n");
        foreach (var log in Directory.GetFiles(folder, "*.log.jsonl").Order(StringComparer.Ordinal))
            Run(page, Path.GetFileName(log)[..^".log.jsonl".Length], File.ReadLines(log));
        var sheets = Directory.GetFiles(folder, "*.png").OrderByDescending(File.GetLastWriteTimeUtc).Take(MostSheets).Select(f => Path.GetFileName(f));
        foreach (var sheet in sheets)
            page.Append(CultureInfo.InvariantCulture, $"<h2>{WebUtility.HtmlEncode(sheet)}</h2>\n<img src=\"{Uri.EscapeDataString(sheet)}\" alt=\"Sample sheet {WebUtility.HtmlEncode(sheet)}\">\n");
        File.WriteAllText(Path.Combine(folder, "training.html"), page.Append("</html>\n").ToString());
    }

    private static void Run(StringBuilder page, string name, IEnumerable<string> lines)
    {
        var curves = new SortedDictionary<string, List<(double Batch, double Value)>>(StringComparer.Ordinal);
        var (examples, minutes) = (0L, 0.0);
        foreach (var line in lines)
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            (examples, minutes) = (root.GetProperty("examples").GetInt64(), root.GetProperty("minutes").GetDouble());
            foreach (var figure in root.GetProperty("figures").EnumerateObject())
            {
                if (!curves.TryGetValue(figure.Name, out var curve))
                    curves[figure.Name] = curve = [];
                curve.Add((root.GetProperty("batch").GetInt64(), figure.Value.GetDouble()));
            }
        }
        page.Append(CultureInfo.InvariantCulture, $"<h2>{WebUtility.HtmlEncode(name)}</h2>\n<p>{examples:N0} examples in {minutes:F1} minutes.</p>\n");
        foreach (var (figure, curve) in curves)
            page.Append(CultureInfo.InvariantCulture, $"<figure><svg width=\"{Width}\" height=\"{Height}\" role=\"img\" aria-label=\"{WebUtility.HtmlEncode(figure)}\"><polyline points=\"{Points(curve)}\"/></svg><figcaption>{WebUtility.HtmlEncode(figure)}: {curve[0].Value:G4} → {curve[^1].Value:G4} (least {curve.Min(p => p.Value):G4}, most {curve.Max(p => p.Value):G4})</figcaption></figure>\n");
    }

    private static string Points(List<(double Batch, double Value)> curve)
    {
        var (left, right) = (curve[0].Batch, Math.Max(curve[0].Batch + 1, curve[^1].Batch));
        var (low, high) = (curve.Min(p => p.Value), curve.Max(p => p.Value));
        var range = high > low ? high - low : 1;
        return string.Join(' ', curve.Select(p => string.Create(
            CultureInfo.InvariantCulture, $"{(p.Batch - left) / (right - left) * Width:F1},{Height - 4 - ((p.Value - low) / range * (Height - 8)):F1}")));
    }
}
