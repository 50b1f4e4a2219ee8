using System.Text.Json;

namespace FlexEdit.Models.Editing;

/// <summary>
/// The names, colours and operations that a small model was trained on (<c>vocabulary.json</c>).
/// </summary>
public sealed record EditVocabulary
{
    /// <summary>Operations, in the order of their ids.</summary>
    public required IReadOnlyList<string> Operations { get; init; }
    /// <summary>Names of objects, in the order of their ids.</summary>
    public required IReadOnlyList<string> Names { get; init; }
    /// <summary>Colours, in the order of their ids.</summary>
    public required IReadOnlyList<string> Colours { get; init; }

    /// <summary>Reads <c>vocabulary.json</c>.</summary>
    public static EditVocabulary Read(string path) => JsonSerializer.Deserialize<EditVocabulary>(File.ReadAllText(path), EditorConfig.Json)
        ?? throw new InvalidDataException($"{path} is empty.");

    /// <summary>Writes it.</summary>
    public void Write(string path) => File.WriteAllText(path, JsonSerializer.Serialize(this, EditorConfig.Json) + "\n");
}
