using System.Text.Json;
using FlexEdit.Masks;

namespace FlexEdit.Evaluation.Datasets;

/// <summary>
/// RefCOCO, RefCOCO+, RefCOCOg and gRefCOCO: a file of references beside COCO's <c>instances.json</c>. A reference means one object or several, whose
/// masks are united; those that mean none are left out.
/// </summary>
public static class ReferringExpressions
{
    /// <summary>Every reference with its first sentence, in the file's order.</summary>
    /// <param name="references"><c>grefs(unc).json</c>, or RefCOCO's references as JSON.</param>
    /// <param name="instances">The instances that they refer to.</param>
    /// <param name="split">Only references of this split; null for all.</param>
    /// <exception cref="FormatException">A file is no such file; a pickle is told how to become one.</exception>
    public static IEnumerable<MaskedObject> Read(string references, CocoFile instances, string? split = null)
    {
        if (Path.GetExtension(references) is ".p" or ".pkl")
        {
            throw new FormatException(
                $"{references} is a Python pickle. Convert it once: python3 -c \"import json,pickle,sys; json.dump(pickle.load(open(sys.argv[1],'rb'),fix_imports=True,encoding='latin1'),open(sys.argv[2],'w'))\" IN.p OUT.json");
        }
        var images = instances.Images.ToDictionary(i => i.Id);
        var annotations = instances.Annotations.ToDictionary(a => a.Id);
        using var document = Parse(references);
        if (document.RootElement.ValueKind != JsonValueKind.Array)
            throw new FormatException($"{references} is no list of references.");
        foreach (var reference in document.RootElement.EnumerateArray())
        {
            if (split is not null && Text(reference, "split") != split)
                continue;
            var id = Number(reference, "ref_id");
            var image = images.GetValueOrDefault(Number(reference, "image_id")) ?? throw new FormatException($"Reference {id} belongs to a picture that the instances do not have.");
            var mask = new Mask(image.Width, image.Height);
            foreach (var target in Ids(reference, "ann_id").Where(t => t >= 0))
            {
                var annotation = annotations.GetValueOrDefault(target) ?? throw new FormatException($"Reference {id} means annotation {target}, which the instances do not have.");
                if (annotation.Iscrowd == 0)
                    mask = mask.Union(CocoFile.MaskOf(annotation, image));
            }
            if (!mask.IsEmpty)
                yield return new MaskedObject($"ref-{id}", image.FileName, null, Sentence(reference), mask);
        }
    }

    private static JsonDocument Parse(string path)
    {
        using var stream = File.OpenRead(path);
        try
        {
            return JsonDocument.Parse(stream);
        }
        catch (JsonException problem)
        {
            throw new FormatException($"{path} is no JSON: {problem.Message}", problem);
        }
    }

    private static string? Text(JsonElement reference, string name) =>
        reference.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static long Number(JsonElement reference, string name) =>
        reference.TryGetProperty(name, out var value) && value.TryGetInt64(out var number) ? number : throw new FormatException($"A reference has no number '{name}'.");

    // gRefCOCO has a list where several objects, or none (-1), are meant; RefCOCO a number.
    private static IEnumerable<long> Ids(JsonElement reference, string name)
    {
        if (!reference.TryGetProperty(name, out var value))
            throw new FormatException($"A reference has no '{name}'.");
        return value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(v => v.GetInt64())] : [value.GetInt64()];
    }

    private static string? Sentence(JsonElement reference) =>
        reference.TryGetProperty("sentences", out var sentences) && sentences.ValueKind == JsonValueKind.Array && sentences.GetArrayLength() > 0
            ? Text(sentences[0], "sent")
            : null;
}
