using System.Text.Json;

namespace FlexEdit.Evaluation.Judges;

/// <summary>The words that <c>judge-clip</c> knows: those of the names and colours of the synthetic world.</summary>
public sealed class JudgeWords
{
    /// <summary>What a crop without any object is called.</summary>
    public const string Background = "background";

    private readonly Dictionary<string, int> _ids;

    /// <summary>Numbers the words from 1.</summary>
    public JudgeWords(IEnumerable<string> words)
    {
        Words = [.. words];
        _ids = Words.Index().ToDictionary(w => w.Item, w => w.Index + 1, StringComparer.Ordinal);
    }

    /// <summary>All words.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>The words of some texts, each once, in alphabetical order.</summary>
    public static JudgeWords Of(IEnumerable<string> texts) =>
        new(texts.SelectMany(Split).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    /// <summary>Reads a file that <see cref="ToJson"/> wrote.</summary>
    public static JudgeWords Read(string path) =>
        new(JsonSerializer.Deserialize<string[]>(File.ReadAllText(path)) ?? throw new JsonException($"{path} is empty."));

    /// <summary>A list of strings.</summary>
    public string ToJson() => JsonSerializer.Serialize(Words);

    /// <summary>The numbers of a text's words; articles do not count. Null where it has a word that the judge does not know, or none at all.</summary>
    public long[]? Encode(string text)
    {
        var ids = Split(text).Select(w => (long)_ids.GetValueOrDefault(w)).ToArray();
        return ids.Length == 0 || ids.Contains(0) ? null : ids;
    }

    private static IEnumerable<string> Split(string text)
    {
        var start = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            var inside = i < text.Length && char.IsLetterOrDigit(text[i]);
            if (inside && start < 0)
                start = i;
            if (inside || start < 0)
                continue;
            var word = text[start..i].ToLowerInvariant();
            start = -1;
            if (word is not ("a" or "an" or "the"))
                yield return word;
        }
    }
}
