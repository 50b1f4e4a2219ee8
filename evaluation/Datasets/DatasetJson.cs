using System.Text.Json;

namespace FlexEdit.Evaluation.Datasets;

/// <summary>Reads the lists of data sets, and says of a damaged one which file it is.</summary>
internal static class DatasetJson
{
    /// <summary>The whole document of a file.</summary>
    /// <exception cref="FormatException">It is missing or is no JSON.</exception>
    public static JsonElement Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            using var document = JsonDocument.Parse(stream);
            return document.RootElement.Clone();
        }
        catch (Exception problem) when (problem is JsonException)
        {
            throw new FormatException($"{path} is no JSON: {problem.Message}", problem);
        }
        catch (Exception problem) when (problem is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FormatException($"{path} is missing.", problem);
        }
    }

    /// <summary>A text that must be there.</summary>
    /// <param name="from">An object.</param>
    /// <param name="name">Of the member.</param>
    /// <param name="where">For the message: what the object is.</param>
    /// <exception cref="FormatException">It is not there, is no text or is empty.</exception>
    public static string Text(JsonElement from, string name, string where) =>
        from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text : throw new FormatException($"{where} has no '{name}'");
}
