using FlexEdit.Evaluation.Cases;
using FlexEdit.Evaluation.Judges;
using FlexEdit.Evaluation.Metrics;
using FlexEdit.Imaging.Pixels;

namespace FlexEdit.Evaluation.Running;

/// <summary>Takes every metric of a result. A metric that cannot be taken is left out (docs/evaluation.md).</summary>
public sealed class CaseScorer
{
    private readonly MetricNetworks _networks;
    private readonly Dictionary<string, float[]?> _texts = new(StringComparer.Ordinal);
    private readonly string[] _labels;

    /// <summary>A scorer for a benchmark.</summary>
    public CaseScorer(MetricNetworks networks, BenchmarkSet set)
    {
        _networks = networks;
        _labels = [.. set.Cases.SelectMany(c => (string?[])[c.Case.Label, c.Case.Marked]).OfType<string>().Append(JudgeWords.Background).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Values by name, such as <c>foreground.psnr</c>; the names of a kind's own table have no prefix of the kind.</summary>
    public IReadOnlyDictionary<string, double> Score(EvaluationCase read, CasePictures pictures, EditOutcome outcome)
    {
        var scores = new Dictionary<string, double>(StringComparer.Ordinal);
        var (result, expected, region) = (outcome.Picture, pictures.Expected, pictures.Region);
        var (ours, theirs) = (PictureMetrics.Foreground(result, region), PictureMetrics.Foreground(expected, region));
        if (read.Kind == EvaluationCase.Multiple)
        {
            scores["foreground.psnr"] = PictureMetrics.Psnr(result, expected, region);
            scores["whole.psnr"] = PictureMetrics.Psnr(result, expected);
            Text("foreground.clip_t", ours, read.Label);
            Alike("foreground.clip_i", _networks.Clip, ours, theirs);
            Alike("foreground.dino", _networks.Dino, ours, theirs);
            Alike("whole.clip_i", _networks.Clip, result, expected);
            Alike("whole.dino", _networks.Dino, result, expected);
            if (_networks.Lpips is { } lpips)
                scores["whole.lpips"] = lpips.Distance(result, expected);
        }
        else
        {
            var background = region.Invert();
            if (!background.IsEmpty)
                scores["psnr"] = PictureMetrics.Psnr(result, expected, background);
            var (a, b) = (PictureMetrics.Without(result, region), PictureMetrics.Without(expected, region));
            scores["psnr_smartedit"] = PictureMetrics.Psnr(a, b);
            scores["ssim"] = PictureMetrics.Ssim(a, b);
            if (_networks.Lpips is { } lpips)
                scores["lpips"] = lpips.Distance(a, b);
            Text("clip_t", ours, read.Label);
            scores["foreground_psnr"] = PictureMetrics.Psnr(result, expected, region);
        }
        scores["changed_outside"] = PictureMetrics.ChangedOutside(pictures.Scene, result, region);
        Follows(ours, read.Label);
        if (outcome.Reading is { } reading)
        {
            if (read.Marked is not null)
                scores["understanding.label_top1"] = string.Equals(reading.Label, read.Marked, StringComparison.OrdinalIgnoreCase) ? 1 : 0;
            if (pictures.HasObject && reading.FullMask is { } full)
                scores["understanding.full_mask_iou"] = full.IntersectionOverUnion(pictures.Full);
        }
        return scores;

        void Text(string name, RgbImage picture, string? label)
        {
            if (_networks.Clip is { } clip && label is not null && TextOf(label) is { } text)
                scores[name] = 100 * PictureMetrics.Cosine(clip.Embed(picture), text);
        }

        void Alike(string name, IPictureEmbedder? network, RgbImage first, RgbImage second)
        {
            if (network is not null)
                scores[name] = PictureMetrics.Cosine(network.Embed(first), network.Embed(second));
        }

        // Does the judge find this case's label likelier than every other label of the benchmark?
        void Follows(RgbImage picture, string? label)
        {
            if (_networks.Clip is not { } clip || label is null || TextOf(label) is not { } text)
                return;
            var seen = clip.Embed(picture);
            var own = PictureMetrics.Cosine(seen, text);
            scores["follows"] = _labels.All(l => l == label || TextOf(l) is not { } other || PictureMetrics.Cosine(seen, other) < own) ? 1 : 0;
        }
    }

    private float[]? TextOf(string label)
    {
        if (!_texts.TryGetValue(label, out var text))
            _texts[label] = text = _networks.Clip?.EmbedText(label);
        return text;
    }
}
