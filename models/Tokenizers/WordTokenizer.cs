using System.Buffers;
using System.Collections.Frozen;
using System.Text;

namespace FlexEdit.Models.Tokenizers;

/// <summary>
/// The tokenizer of small models that speak about a small world: lower-case words and signs (<see cref="WordSplitter"/>). A word that is not in the
/// vocabulary is written in the longest pieces that are (as in WordPiece, Schuster and Nakajima 2012), down to single letters;
/// only characters that the vocabulary lacks altogether become <c>&lt;unk&gt;</c>.
/// </summary>
public sealed class WordTokenizer : ITextTokenizer
{
    private readonly string[] _texts;
    private readonly FrozenDictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> _words;
    private readonly FrozenDictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> _pieces;
    private readonly int _longest;
    private readonly long _unknown;

    /// <summary>Makes a tokenizer of a vocabulary.</summary>
    public WordTokenizer(WordVocabulary vocabulary)
    {
        var first = vocabulary.Special.Count;
        var ids = vocabulary.Tokens.Index().ToLookup(t => t.Item.StartsWith(WordVocabulary.Continues, StringComparison.Ordinal));
        _words = Table(ids[false], 0, first);
        _pieces = Table(ids[true], WordVocabulary.Continues.Length, first);
        _longest = vocabulary.Tokens.Select(t => t.Length).DefaultIfEmpty(0).Max();
        _unknown = vocabulary.Special[ControlTokens.Unknown];
        Controls = vocabulary.Special.ToFrozenDictionary(StringComparer.Ordinal);
        _texts = [.. vocabulary.Special.OrderBy(s => s.Value).Select(s => s.Key), .. vocabulary.Tokens];
    }

    /// <summary>Reads a <c>tokenizer.json</c>.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is no vocabulary; the message names every fault.</exception>
    public static WordTokenizer Open(string path) => new(WordVocabulary.Parse(File.ReadAllText(path)));

    /// <inheritdoc/>
    public int VocabularySize => _texts.Length;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, long> Controls { get; }

    /// <inheritdoc/>
    public IReadOnlyList<long> Encode(string text)
    {
        var ids = new List<long>();
        foreach (var word in WordSplitter.Split(text))
        {
            if (_words.TryGetValue(word, out var id))
                ids.Add(id);
            else
                AddPieces(word, ids);
        }
        return ids;
    }

    /// <inheritdoc/>
    public string Decode(IEnumerable<long> ids, bool withControls = false)
    {
        var pieces = new List<WordPiece>();
        foreach (var id in ids)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((ulong)id, (ulong)_texts.Length, nameof(ids));
            var text = _texts[id];
            if (id == _unknown)
                pieces.Add(new WordPiece(Rune.ReplacementChar.ToString(), WordPieceKind.Word));
            else if (id >= Controls.Count && text.StartsWith(WordVocabulary.Continues, StringComparison.Ordinal))
                pieces.Add(new WordPiece(text[WordVocabulary.Continues.Length..], WordPieceKind.Continuation));
            else if (id >= Controls.Count)
                pieces.Add(new WordPiece(text, WordPieceKind.Word));
            else if (withControls && !ControlTokens.Frames(text))
                pieces.Add(new WordPiece(text, WordPieceKind.Control));
        }
        return WordJoiner.Join(pieces);
    }

    private void AddPieces(string word, List<long> ids)
    {
        var unknown = false;
        for (var at = 0; at < word.Length;)
        {
            var table = at == 0 ? _words : _pieces;
            var length = Math.Min(_longest, word.Length - at);
            long id = 0;
            while (length > 0 && !table.TryGetValue(word.AsSpan(at, length), out id))
                length--;
            if (length > 0)
            {
                ids.Add(id);
                unknown = false;
                at += length;
                continue;
            }
            if (!unknown)
                ids.Add(_unknown);
            unknown = true;
            at += Rune.DecodeFromUtf16(word.AsSpan(at), out _, out var read) == OperationStatus.Done ? read : 1;
        }
    }

    private static FrozenDictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> Table(
        IEnumerable<(int Index, string Item)> tokens, int skip, int first) =>
        tokens.ToFrozenDictionary(t => t.Item[skip..], t => (long)(first + t.Index), StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
}
