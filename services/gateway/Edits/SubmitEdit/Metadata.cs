using System.Text.Json;
using FlexEdit.Platform.Problems;

namespace FlexEdit.Gateway.Edits.SubmitEdit;

/// <summary>Up to 16 pairs of strings that a client attaches to an edit.</summary>
internal static class Metadata
{
    /// <summary>Most pairs.</summary>
    public const int MostPairs = 16;
    /// <summary>Longest name, UTF-16 units.</summary>
    public const int LongestName = 64;
    /// <summary>Longest value, UTF-16 units.</summary>
    public const int LongestValue = 512;

    /// <summary>The pairs; none where <paramref name="json"/> is null.</summary>
    /// <exception cref="ProblemException">400: not an object of that many short strings.</exception>
    public static IReadOnlyDictionary<string, string> Read(string? json)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        if (json is null)
            return pairs;
        try
        {
            using var document = JsonDocument.Parse(json, EditFields.StrictJson);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw Wrong("must be an object of strings");
            foreach (var pair in document.RootElement.EnumerateObject())
            {
                if (pairs.Count == MostPairs)
                    throw Wrong($"may hold at most {MostPairs} pairs");
                pairs.Add(Checked(pair.Name, LongestName, "name"), pair.Value.ValueKind == JsonValueKind.String
                    ? Checked(pair.Value.GetString()!, LongestValue, "value")
                    : throw Wrong("may hold only strings"));
            }
        }
        catch (JsonException)
        {
            throw Wrong("must be a JSON object in which no name is given twice");
        }
        catch (InvalidOperationException)
        {
            throw Wrong("is not valid Unicode text");
        }

        return pairs;
    }

    private static string Checked(string text, int longest, string what) =>
        text.Length > longest ? throw Wrong($"may hold no {what} of more than {longest} characters")
        : text.Contains('\0') ? throw Wrong("may hold no NUL")
        : text;

    private static ProblemException Wrong(string what) => new(Problem.Malformed($"metadata {what}.", FieldNames.Metadata));
}
