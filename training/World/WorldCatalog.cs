using System.Text.Json;
using FlexEdit.Models.Editing;

namespace FlexEdit.Training.World;

/// <summary>
/// The objects, photographs, names and colours of the synthetic world, read from the folder that
/// <c>training/assets/fetch</c> filled. What is held out is decided by <see cref="HeldOut"/>, by name alone.
/// </summary>
public sealed class WorldCatalog
{
    // Groups whose pictures are things one can put somewhere. Flags, symbols, keycaps and letters are none.
    private static readonly string[] Groups =
    [
        "Animals & Nature", "Food & Drink", "Travel & Places", "Activities", "Objects", "People & Body", "Smileys & Emotion",
    ];

    // Half of all pictures are faces and people, much alike; a third of them is plenty.
    private static readonly string[] Faces = ["People & Body", "Smileys & Emotion"];

    // Within these: pictures that are a whole scene, writing, weather, or one of a dozen that look the same.
    private static readonly string[] Unwanted =
    [
        "o’clock", "-thirty", "moon", "sunrise", "sunset", "cityscape", "fog", "night", "milky way", "landscape", "rain", "bubbles",
        "sparkles", "fireworks", "wind", "suit", "Japan", "trigram", "cloud", "ceremony", "confetti", "footprints", "speaker ",
        "musical note", "reminder ribbon", "map", "desert", "beach", "camping", "national park", "high voltage", "droplet", "water wave",
        "splash", "motorway", "railway track", "hot springs", "construction", "hundred points", "anger symbol", "speech", "anger bubble",
        "thought balloon", "ZZZ", "hole", "dashing away", "family", "silhouette",
    ];

    /// <summary>Loads the world. The first time, photographs are made small and kept beside the originals.</summary>
    /// <param name="folder">What <c>training/assets/fetch</c> filled.</param>
    /// <param name="benchmarkNames">Only the names that FSMI-Edit-Mini and its judges are made of, which stay what they are when models are taught more.</param>
    /// <exception cref="DirectoryNotFoundException">It has not been filled.</exception>
    public WorldCatalog(string folder, bool benchmarkNames = false)
    {
        if (!File.Exists(Path.Combine(folder, "names.json")) || !Directory.Exists(Path.Combine(folder, "photographs")))
            throw new DirectoryNotFoundException($"The world is not in {folder}. Run training/assets/fetch first.");
        using var stream = typeof(WorldCatalog).Assembly.GetManifestResourceStream("vocabulary.json")!;
        using var vocabulary = JsonDocument.Parse(stream);
        var plain = ReadNames(vocabulary, "names");
        // Held out stay those that were before they had a plain name.
        var further = benchmarkNames ? [] : ReadNames(vocabulary, "further");
        Names = [.. plain.Values.Concat(further.Values).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        Objects = ReadObjects(folder, plain, further);
        Photos = [.. WorldPhotographs.Files(folder).AsParallel().AsOrdered().Select(f => WorldPhotographs.Read(folder, f))];
    }

    /// <summary>Every name of the vocabulary, in alphabetical order, held-out ones included.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>All objects.</summary>
    public IReadOnlyList<WorldObject> Objects { get; }

    /// <summary>All photographs.</summary>
    public IReadOnlyList<WorldPhoto> Photos { get; }

    /// <summary>Names of the vocabulary that have a trained picture, colours and operations, as the model learns them.</summary>
    public EditVocabulary Vocabulary => new()
    {
        Operations = [.. Enum.GetValues<EditOperation>().Select(EditSentences.NameOf)],
        Names = [.. Objects.Where(o => o is { Known: true, HeldOut: false }).Select(o => o.Name).Order(StringComparer.Ordinal)],
        Colours = [.. WorldColours.All.Select(c => c.Name)],
    };

    // Plain names by Unicode names.
    private static Dictionary<string, string> ReadNames(JsonDocument vocabulary, string part) =>
        vocabulary.RootElement.GetProperty(part).EnumerateObject().ToDictionary(p => p.Value.GetString()!, p => p.Name, StringComparer.Ordinal);

    private static WorldObject[] ReadObjects(string folder, Dictionary<string, string> plain, Dictionary<string, string> further)
    {
        using var names = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "names.json")));
        var wanted = new List<(string Name, bool Known, bool HeldOut, string File)>();
        foreach (var entry in names.RootElement.EnumerateObject())
        {
            var name = entry.Value.GetProperty("name").GetString()!;
            var simple = plain.GetValueOrDefault(name);
            var shown = simple ?? further.GetValueOrDefault(name);
            var known = shown is not null;
            if (!known && !IsThing(name, entry.Value.GetProperty("group").GetString()!))
                continue;
            if (FindFile(folder, entry.Name) is { } file)
                wanted.Add((shown ?? name, known, HeldOut.Object(simple ?? name), file));
        }

        return [.. wanted.AsParallel().AsOrdered().Select(w => WorldObject.Read(w.Name, w.Known, w.HeldOut, w.File))];
    }

    private static bool IsThing(string name, string group) =>
        Groups.Contains(group) && !Unwanted.Any(u => name.Contains(u, StringComparison.OrdinalIgnoreCase))
        && (!Faces.Contains(group) || HeldOut.Share("face " + name, 3));

    // Files are named by code points; some leave out the selector that asks for a coloured picture.
    private static string? FindFile(string folder, string emoji)
    {
        var points = emoji.EnumerateRunes().Select(r => r.Value.ToString("x4")).ToArray();
        return ((string[])[string.Join('-', points), string.Join('-', points.Where(p => p != "fe0f"))])
            .Select(name => Path.Combine(folder, "objects", name + ".webp")).FirstOrDefault(File.Exists);
    }
}
