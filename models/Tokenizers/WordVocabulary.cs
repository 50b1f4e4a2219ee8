using System.Text.Json;
using System.Text.Json.Serialization;

namespace FlexEdit.Models.Tokenizers;

/// <summary>
/// The vocabulary of a <see cref="WordTokenizer"/>, in a file <c>tokenizer.json</c> of our own form:
/// <code>{ "type": "word", "special": { "&lt;unk&gt;": 0, "&lt;bos&gt;": 1, … }, "tokens": [ "a", "chair", "##s", … ] }</code>
/// Control tokens have the ids 0 to S - 1 that <c>special</c> gives them; <c>tokens[i]</c> has the id S + i. A token is a word, one sign, or,
/// after <c>##</c>, a piece that goes on a word.
/// </summary>
public sealed record WordVocabulary
{
    /// <summary>Stands before a piece that goes on a word.</summary>
    public const string Continues = "##";

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Always <c>word</c>: which tokenizer reads the file.</summary>
    public required string Type { get; init; }
    /// <summary>Ids of the control tokens.</summary>
    public required IReadOnlyDictionary<string, long> Special { get; init; }
    /// <summary>Words, signs and pieces in the order of their ids.</summary>
    public required IReadOnlyList<string> Tokens { get; init; }

    /// <summary>Reads a vocabulary from the text of its file.</summary>
    /// <exception cref="InvalidDataException">The text is no vocabulary; the message names every fault.</exception>
    public static WordVocabulary Parse(string json)
    {
        WordVocabulary? vocabulary;
        try
        {
            vocabulary = JsonSerializer.Deserialize<WordVocabulary>(json, Options);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The vocabulary is not readable: {e.Message}", e);
        }
        if (vocabulary is null)
            throw new InvalidDataException("The vocabulary is null.");
        var faults = vocabulary.Faults().ToList();
        if (faults.Count > 0)
            throw new InvalidDataException($"The vocabulary has {faults.Count} faults: {string.Join("; ", faults.Take(20))}.");
        return vocabulary;
    }

    /// <summary>The text of the file.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Options);

    private IEnumerable<string> Faults()
    {
        if (Type != "word")
            yield return $"type is '{Type}', not 'word'";
        foreach (var name in (string[])[ControlTokens.Unknown, ControlTokens.Begin, ControlTokens.End, ControlTokens.Padding])
            if (!Special.ContainsKey(name))
                yield return $"special lacks '{name}'";
        if (!Special.Values.Order().SequenceEqual(Enumerable.Range(0, Special.Count).Select(i => (long)i)))
            yield return $"the ids of special are not 0 to {Special.Count - 1}, each once";
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var token in Tokens)
        {
            if (!seen.Add(token))
                yield return $"'{token}' is there twice";
            var word = token.StartsWith(Continues, StringComparison.Ordinal) ? token[Continues.Length..] : token;
            if (!WordSplitter.Split(word).SequenceEqual([word]))
                yield return $"'{token}' can never occur: it is not one lower-case word or sign";
        }
    }
}
