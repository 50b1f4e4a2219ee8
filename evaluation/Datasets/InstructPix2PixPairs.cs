using System.Text.Json;

namespace FlexEdit.Evaluation.Datasets;

/// <summary>One pair of InstructPix2Pix.</summary>
/// <param name="Before">File of the picture before.</param>
/// <param name="After">File of the picture after.</param>
/// <param name="Prompt">File of the texts, which many pairs share.</param>
public sealed record InstructPix2PixPair(string Before, string After, string Prompt)
{
    /// <summary>Reads the texts. Files written by a program call the first one <c>caption</c>, those written by people <c>input</c>.</summary>
    /// <exception cref="FormatException">The file is damaged.</exception>
    public (string Caption, string Instruction, string Edited) Texts()
    {
        var root = DatasetJson.Read(Prompt);
        var caption = root.TryGetProperty("input", out _) ? "input" : "caption";
        return (DatasetJson.Text(root, caption, Prompt), DatasetJson.Text(root, "edit", Prompt), DatasetJson.Text(root, "output", Prompt));
    }
}

/// <summary>
/// InstructPix2Pix as it is distributed: <c>seeds.json</c>, a list of [folder, [seed, …]], and in each folder <c>prompt.json</c>, <c>SEED_0.jpg</c> and
/// <c>SEED_1.jpg</c>. The published code splits by position: 90, 5 and 5 %.
/// </summary>
public static class InstructPix2PixPairs
{
    /// <summary>The pairs of a part.</summary>
    /// <param name="folder">The data set, its zip files unpacked.</param>
    /// <param name="split"><c>train</c>, <c>val</c> or <c>test</c>.</param>
    /// <exception cref="FormatException">The folder is not laid out like that.</exception>
    /// <exception cref="ArgumentException">There is no such part.</exception>
    public static IReadOnlyList<InstructPix2PixPair> Read(string folder, string split = "train")
    {
        var (first, last) = split switch
        {
            "train" => (0.0, 0.9),
            "val" => (0.9, 0.95),
            "test" => (0.95, 1.0),
            _ => throw new ArgumentException($"InstructPix2Pix has the parts train, val and test, not '{split}'.", nameof(split)),
        };
        var path = Path.Combine(folder, "seeds.json");
        var list = DatasetJson.Read(path);
        if (list.ValueKind != JsonValueKind.Array)
            throw new FormatException($"{path} is no list of folders and seeds.");
        var count = list.GetArrayLength();
        var (from, to) = ((int)Math.Floor(first * count), (int)Math.Floor(last * count));
        return [.. list.EnumerateArray().Skip(from).Take(to - from).SelectMany(entry => Pairs(folder, path, entry))];
    }

    private static IEnumerable<InstructPix2PixPair> Pairs(string folder, string path, JsonElement entry)
    {
        if (entry.ValueKind != JsonValueKind.Array || entry.GetArrayLength() != 2 || entry[0].ValueKind != JsonValueKind.String || entry[1].ValueKind != JsonValueKind.Array)
            throw new FormatException($"{path}: '{entry.GetRawText()}' is not [folder, [seed, …]].");
        var at = Path.Combine(folder, entry[0].GetString()!);
        foreach (var seed in entry[1].EnumerateArray())
        {
            // Texts here, numbers in metadata.jsonl; up to 2^32 - 1.
            var name = seed.ValueKind == JsonValueKind.String ? seed.GetString() : seed.GetRawText();
            yield return new InstructPix2PixPair(Path.Combine(at, $"{name}_0.jpg"), Path.Combine(at, $"{name}_1.jpg"), Path.Combine(at, "prompt.json"));
        }
    }
}
