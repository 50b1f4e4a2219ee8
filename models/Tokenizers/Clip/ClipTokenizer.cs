using System.Collections.Frozen;
using System.Text;
using System.Text.Json;

namespace FlexEdit.Models.Tokenizers.Clip;

/// <summary>
/// CLIP's byte-level pair encoding in its published files (<c>vocab.json</c>, <c>merges.txt</c>), with the ids of transformers' <c>CLIPTokenizer</c>, except that text
/// never becomes a control token, whatever it says.
/// </summary>
public sealed class ClipTokenizer : ITextTokenizer
{
    /// <summary>Begins every text.</summary>
    public const string Start = "<|startoftext|>";
    /// <summary>Ends every text, and stands for what the vocabulary lacks.</summary>
    public const string End = "<|endoftext|>";

    private const string WordEnd = "</w>";
    // transformers reads this many lines of merges and ignores what follows.
    private const int MaximumMerges = 49152 - 256 - 2;

    private readonly FrozenDictionary<string, long> _ids;
    private readonly FrozenDictionary<(string, string), int> _ranks;
    private readonly string[] _texts;
    private readonly long _padding;

    private ClipTokenizer(Dictionary<string, long> vocabulary, IEnumerable<(string, string)> merges, int maximumLength, string padding)
    {
        _ids = vocabulary.ToFrozenDictionary(StringComparer.Ordinal);
        _ranks = merges.Index().ToFrozenDictionary(m => m.Item, m => m.Index);
        _texts = new string[vocabulary.Values.Max() + 1];
        foreach (var (text, id) in vocabulary)
            _texts[id] = text;
        MaximumLength = maximumLength;
        _padding = _ids[padding];
        Controls = new Dictionary<string, long>(StringComparer.Ordinal)
        {
            [Start] = _ids[Start],
            [End] = _ids[End],
            [ControlTokens.Begin] = _ids[Start],
            [ControlTokens.End] = _ids[End],
            [ControlTokens.Padding] = _padding,
        };
    }

    /// <summary>Reads a published <c>tokenizer</c> folder; <c>tokenizer_config.json</c> may give <c>model_max_length</c> and <c>pad_token</c>.</summary>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    /// <exception cref="InvalidDataException">A file is not what it should be; the message says why.</exception>
    public static ClipTokenizer Open(string folder)
    {
        var vocabulary = ReadVocabulary(Path.Combine(folder, "vocab.json"));
        var merges = ReadMerges(Path.Combine(folder, "merges.txt"));
        var (length, padding) = ReadConfig(Path.Combine(folder, "tokenizer_config.json"));
        foreach (var token in new[] { Start, End, padding })
            if (!vocabulary.ContainsKey(token))
                throw new InvalidDataException($"The vocabulary in '{folder}' has no '{token}'.");
        return new ClipTokenizer(vocabulary, merges, length, padding);
    }

    /// <inheritdoc/>
    public int VocabularySize => _texts.Length;

    /// <summary>Tokens of a padded text, the two at its ends among them; 77 for the published encoders.</summary>
    public int MaximumLength { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, long> Controls { get; }

    /// <inheritdoc/>
    public IReadOnlyList<long> Encode(string text)
    {
        var ids = new List<long>();
        foreach (var word in ClipText.Words(text))
        {
            var bytes = Encoding.UTF8.GetBytes(word);
            var symbols = Array.ConvertAll(bytes, b => ByteLetters.Letters[b].ToString());
            symbols[^1] += WordEnd;
            foreach (var piece in PairMerging.Merge(symbols, (a, b) => _ranks.TryGetValue((a, b), out var rank) ? rank : null))
                ids.Add(_ids.TryGetValue(piece, out var id) ? id : _ids[End]);
        }
        return ids;
    }

    /// <summary>The text as the encoder reads it: begun, ended, cut and padded to a length.</summary>
    /// <param name="text">Plain text.</param>
    /// <param name="length">Ids in all; null for <see cref="MaximumLength"/>.</param>
    public long[] EncodePadded(string text, int? length = null)
    {
        var size = length ?? MaximumLength;
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 2, nameof(length));
        long[] ids = [Controls[Start], .. Encode(text).Take(size - 2), Controls[End]];
        return [.. ids, .. Enumerable.Repeat(_padding, size - ids.Length)];
    }

    /// <inheritdoc/>
    public string Decode(IEnumerable<long> ids, bool withControls = false)
    {
        var bytes = new List<byte>();
        foreach (var id in ids)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((ulong)id, (ulong)_texts.Length, nameof(ids));
            // Both control tokens only frame a text.
            if (id == Controls[Start] || id == Controls[End] || _texts[id] is not { } piece)
                continue;
            var ends = piece.EndsWith(WordEnd, StringComparison.Ordinal);
            foreach (var letter in ends ? piece[..^WordEnd.Length] : piece)
                if (ByteLetters.Bytes.TryGetValue(letter, out var value))
                    bytes.Add(value);
            if (ends)
                bytes.Add((byte)' ');
        }
        return Encoding.UTF8.GetString([.. bytes]).TrimEnd(' ');
    }

    private static Dictionary<string, long> ReadVocabulary(string path)
    {
        try
        {
            var vocabulary = JsonSerializer.Deserialize<Dictionary<string, long>>(File.ReadAllBytes(path)) ?? [];
            if (vocabulary.Count == 0 || vocabulary.Values.Any(id => id < 0 || id > 10_000_000))
                throw new InvalidDataException($"'{path}' is not a vocabulary: its ids are not small whole numbers, or there are none.");
            return vocabulary;
        }
        catch (JsonException problem)
        {
            throw new InvalidDataException($"'{path}' is not a vocabulary: {problem.Message}", problem);
        }
    }

    private static List<(string, string)> ReadMerges(string path)
    {
        var merges = new List<(string, string)>();
        // The first line is the version.
        foreach (var (number, line) in File.ReadLines(path).Index().Skip(1).Take(MaximumMerges))
        {
            if (line.Length == 0)
                continue;
            var halves = line.Split(' ');
            if (halves.Length != 2 || halves[0].Length == 0 || halves[1].Length == 0)
                throw new InvalidDataException($"Line {number + 1} of '{path}' is not a pair of pieces.");
            merges.Add((halves[0], halves[1]));
        }
        if (merges.Distinct().Count() != merges.Count)
            throw new InvalidDataException($"'{path}' names a pair twice.");
        return merges;
    }

    private static (int Length, string Padding) ReadConfig(string path)
    {
        const int published = 77;
        if (!File.Exists(path))
            return (published, End);
        try
        {
            using var config = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = config.RootElement;
            var length = root.TryGetProperty("model_max_length", out var given) && given.TryGetInt32(out var value) && value is >= 2 and <= 100_000 ? value : published;
            var padding = !root.TryGetProperty("pad_token", out var token) ? End
                : token.ValueKind == JsonValueKind.Object ? token.GetProperty("content").GetString() : token.GetString();
            return (length, padding ?? End);
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new InvalidDataException($"'{path}' is not a tokenizer's configuration: {problem.Message}", problem);
        }
    }
}
