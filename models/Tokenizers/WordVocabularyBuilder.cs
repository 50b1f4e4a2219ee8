namespace FlexEdit.Models.Tokenizers;

/// <summary>Collects the words of a training set into a <see cref="WordVocabulary"/> that can write every text of ASCII characters.</summary>
public sealed class WordVocabularyBuilder
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyz0123456789";
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>Counts the words of a text.</summary>
    public WordVocabularyBuilder Add(string text)
    {
        foreach (var word in WordSplitter.Split(text))
            _counts[word] = _counts.GetValueOrDefault(word) + 1;
        return this;
    }

    /// <summary>
    /// Builds the vocabulary: control tokens, the printable ASCII signs, letters and digits (each also as a piece), then the counted words,
    /// the most frequent first and equally frequent ones in ordinal order.
    /// </summary>
    /// <param name="imageTokens">Number N of image tokens <c>&lt;img_0&gt;</c> … of an answer.</param>
    /// <param name="words">Most words that are taken.</param>
    /// <param name="atLeast">How often a word must have been seen.</param>
    public WordVocabulary Build(int imageTokens, int words = int.MaxValue, int atLeast = 1)
    {
        string[] controls =
        [
            ControlTokens.Unknown, ControlTokens.Begin, ControlTokens.End, ControlTokens.Padding, ControlTokens.Picture,
            .. Enumerable.Range(0, imageTokens).Select(ControlTokens.Image),
        ];
        var signs = Enumerable.Range('!', '~' - '!' + 1).Select(c => (char)c).Where(c => !char.IsAsciiLetterOrDigit(c)).Select(c => c.ToString());
        string[] alphabet = [.. signs, .. Letters.Select(c => c.ToString()), .. Letters.Select(c => WordVocabulary.Continues + c)];
        var counted = _counts.Where(w => w.Value >= atLeast).OrderByDescending(w => w.Value).ThenBy(w => w.Key, StringComparer.Ordinal)
            .Select(w => w.Key).Except(alphabet, StringComparer.Ordinal).Take(words);
        return new WordVocabulary
        {
            Type = "word",
            Special = controls.Index().ToDictionary(c => c.Item, c => (long)c.Index, StringComparer.Ordinal),
            Tokens = [.. alphabet, .. counted],
        };
    }
}
