using System.Globalization;
using System.Net;
using System.Text;
using FlexEdit.Masks;
using FlexEdit.Models.Editing;
using FlexEdit.Training.Reports;

namespace FlexEdit.Training.Data;

/// <summary>What a mix gives, to be looked at before anything is trained on it: shares, mask sizes, and pictures with what is asked and answered.</summary>
public static class DataReport
{
    private const int Columns = 4;

    /// <summary>Writes <c>data.html</c> and a sheet for each data set.</summary>
    /// <param name="mix">The mix.</param>
    /// <param name="folder">Where to.</param>
    /// <param name="side">R.</param>
    /// <param name="examples">Numbers of the mix that are looked at.</param>
    /// <param name="shown">Of each data set.</param>
    /// <returns>The page's path.</returns>
    public static string Write(DataMix mix, string folder, int side, int examples, int shown = 12)
    {
        Directory.CreateDirectory(folder);
        var made = Enumerable.Range(0, examples).AsParallel().AsOrdered().Select(i => mix.Make(i)).ToLookup(e => e.Source);
        var page = new StringBuilder("<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Training data</title>\n<style>body{font:15px sans-serif;margin:2em}table{border-collapse:collapse}td,th{padding:.2em .8em;text-align:right;border-bottom:1px solid #ccc}img{max-width:100%}</style>\n<h1>Training data</h1>\n");
        page.Append(CultureInfo.InvariantCulture, $"<p>{examples:N0} examples of the mix; {mix.Damaged} damaged ones were left out.</p>\n<table><tr><th>data set<th>examples<th>share<th>with target<th>with object<th>with subject<th>mask: 5 %<th>median<th>95 %<th>IoU with the object\n");
        foreach (var (source, perBlock) in mix.Parts)
            Row(page, source, perBlock, [.. made[source.Name]], side);
        page.Append("</table>\n");
        foreach (var (source, _) in mix.Parts)
            Sheet(page, source.Name, [.. made[source.Name].Take(shown)], folder, side);
        var path = Path.Combine(folder, "data.html");
        File.WriteAllText(path, page.Append("</html>\n").ToString());
        return path;
    }

    private static void Row(StringBuilder page, ILearningSource source, int perBlock, LearningExample[] examples, int side)
    {
        var coverage = examples.Select(e => e.Mask.AsSpan().Count(Mask.Marked) / (double)(side * side)).Order().ToArray();
        string Quantile(double q) => coverage.Length == 0 ? "–" : coverage[(int)(q * (coverage.Length - 1))].ToString("F2", CultureInfo.InvariantCulture);
        string Share(Func<LearningExample, bool> has) => examples.Length == 0 ? "–" : (examples.Count(has) / (double)examples.Length).ToString("P0", CultureInfo.InvariantCulture);
        var overlaps = examples.Where(e => e.FullMask is not null && e.FullMask.AsSpan().ContainsAnyExcept((byte)0))
            .Select(e => Mask.FromSamples(e.Mask, side, side).IntersectionOverUnion(Mask.FromSamples(e.FullMask!, side, side))).ToArray();
        page.Append(CultureInfo.InvariantCulture,
            $"<tr><th>{WebUtility.HtmlEncode(source.Name)}<td>{source.Count:N0}<td>{perBlock / (double)DataMix.BlockSize:P1}<td>{Share(e => e.Target is not null)}<td>{Share(e => e.FullMask is not null)}<td>{Share(e => e.Subject is not null)}<td>{Quantile(0.05)}<td>{Quantile(0.5)}<td>{Quantile(0.95)}<td>{(overlaps.Length == 0 ? "–" : overlaps.Average().ToString("F2", CultureInfo.InvariantCulture))}\n");
    }

    private static void Sheet(StringBuilder page, string name, LearningExample[] examples, string folder, int side)
    {
        if (examples.Length == 0)
            return;
        var blank = new byte[side * side * 3];
        Array.Fill(blank, (byte)240);
        var sheet = new PictureSheet(side, Columns);
        foreach (var example in examples)
        {
            sheet.Add(MaskOverlay.Draw(example.Scene, example.Mask));
            sheet.Add(example.FullMask is null ? blank : MaskOverlay.Draw(example.Scene, example.FullMask));
            sheet.Add(example.Subject ?? blank);
            sheet.Add(example.Target ?? blank);
        }
        var file = $"data-{name}.png";
        sheet.Write(Path.Combine(folder, file));
        page.Append(CultureInfo.InvariantCulture, $"<h2>{WebUtility.HtmlEncode(name)}</h2>\n<p>Rows: scene with the mask, with the whole object, subject, target.</p>\n<img src=\"{file}\" alt=\"Examples of {WebUtility.HtmlEncode(name)}\">\n<ol>\n");
        foreach (var example in examples)
            page.Append(CultureInfo.InvariantCulture, $"<li>{WebUtility.HtmlEncode(example.Id)}: {WebUtility.HtmlEncode(example.Instruction)} → {WebUtility.HtmlEncode(example.Label ?? example.Answer ?? "–")}\n");
        page.Append("</ol>\n");
    }
}
