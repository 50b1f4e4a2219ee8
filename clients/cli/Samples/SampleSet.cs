using System.Text.Json;
using FlexEdit.Contracts;

namespace FlexEdit.Cli.Samples;

/// <summary>The edits that a newcomer is shown: <c>samples.json</c> of a folder.</summary>
public sealed record SampleSet
{
    /// <summary>In the order in which they are run.</summary>
    public required IReadOnlyList<Sample> Samples { get; init; }

    /// <summary>Reads a folder's <c>samples.json</c>.</summary>
    /// <exception cref="IOException">There is none.</exception>
    /// <exception cref="JsonException">It is damaged.</exception>
    public static SampleSet Read(string folder)
    {
        var path = Path.Combine(folder, "samples.json");
        if (!File.Exists(path))
            throw new IOException($"There are no samples in {folder}: {path} is missing.");
        using var file = File.OpenRead(path);
        return JsonSerializer.Deserialize<SampleSet>(file, ContractJson.Options) ?? throw new JsonException($"{path} is empty.");
    }

    /// <summary>The folder <c>samples</c> beside or above the program; null where there is none.</summary>
    public static string? FindFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var samples = Path.Combine(folder.FullName, "samples");
            if (File.Exists(Path.Combine(samples, "samples.json")))
                return samples;
        }
        return null;
    }
}

/// <summary>One edit to show. File names are relative to the folder.</summary>
public sealed record Sample
{
    /// <summary>Names the picture that is written.</summary>
    public required string Name { get; init; }
    /// <summary>x1.</summary>
    public required string Scene { get; init; }
    /// <summary>m as a file; null when there are <see cref="MaskShapes"/>.</summary>
    public string? Mask { get; init; }
    /// <summary>m as a list of marks; null when there is a <see cref="Mask"/>.</summary>
    public JsonElement? MaskShapes { get; init; }
    /// <summary>x2; null for a single-image edit.</summary>
    public string? Subject { get; init; }
    /// <summary>τ.</summary>
    public required string Instruction { get; init; }
    /// <summary>Seed; null lets the server draw one.</summary>
    public uint? Seed { get; init; }
}
