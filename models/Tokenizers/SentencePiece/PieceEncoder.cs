using System.Collections.Frozen;
using System.Text;

namespace FlexEdit.Models.Tokenizers.SentencePiece;

/// <summary>Byte-pair encoding as SentencePiece does it (google/sentencepiece, <c>bpe_model.cc</c>): the pair whose piece has the highest score merges first; what has no piece is written in bytes.</summary>
internal sealed class PieceEncoder
{
    /// <summary>What stands for a space.</summary>
    public const char Space = '\u2581';

    private readonly PieceModel _model;
    private readonly FrozenDictionary<string, int> _pieces;
    private readonly int[]? _bytes;
    private readonly int _unknown;
    private readonly string[] _userDefined;

    public PieceEncoder(PieceModel model)
    {
        _model = model;
        _pieces = model.Pieces.Index().Where(p => p.Item.Kind is PieceKind.Normal or PieceKind.UserDefined or PieceKind.Unused)
            .DistinctBy(p => p.Item.Text, StringComparer.Ordinal).ToFrozenDictionary(p => p.Item.Text, p => p.Index, StringComparer.Ordinal);
        var bytes = model.Pieces.Index().Where(p => p.Item.Kind == PieceKind.Byte).Select(p => p.Index).ToArray();
        _bytes = bytes.Length == 256 ? bytes : null;
        _unknown = model.Pieces.Index().Where(p => p.Item.Kind == PieceKind.Unknown).Select(p => p.Index).FirstOrDefault();
        // Longest first: the longest that fits is taken.
        _userDefined = [.. model.Pieces.Where(p => p.Kind == PieceKind.UserDefined).Select(p => p.Text).OrderByDescending(t => t.Length)];
    }

    /// <summary>Ids of text in which spaces are already <see cref="Space"/>.</summary>
    public void Encode(string escaped, List<long> ids)
    {
        var halves = new Dictionary<string, (string, string)>(StringComparer.Ordinal);
        foreach (var piece in PairMerging.Merge(Symbols(escaped), Rank))
            Add(piece);

        double? Rank(string left, string right)
        {
            var joined = left + right;
            if (!_pieces.TryGetValue(joined, out var id) || IsUserDefined(left) || IsUserDefined(right))
                return null;
            if (_model.Pieces[id].Kind == PieceKind.Unused)
                halves[joined] = (left, right);
            return -_model.Pieces[id].Score;
        }

        void Add(string piece)
        {
            if (_pieces.TryGetValue(piece, out var id))
            {
                if (_model.Pieces[id].Kind != PieceKind.Unused || !halves.TryGetValue(piece, out var parts))
                {
                    ids.Add(id);
                    return;
                }
                Add(parts.Item1);
                Add(parts.Item2);
            }
            else if (_bytes is null)
                ids.Add(_unknown);
            else
                foreach (var b in Encoding.UTF8.GetBytes(piece))
                    ids.Add(_bytes[b]);
        }
    }

    private bool IsUserDefined(string symbol) => _userDefined.Length > 0 && _userDefined.Contains(symbol, StringComparer.Ordinal);

    private List<string> Symbols(string text)
    {
        var symbols = new List<string>(text.Length);
        for (var at = 0; at < text.Length;)
        {
            var own = _userDefined.FirstOrDefault(u => text.AsSpan(at).StartsWith(u, StringComparison.Ordinal));
            if (own is null)
            {
                // Halves of a surrogate pair that stand alone become U+FFFD.
                Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var length);
                symbols.Add(rune.ToString());
                at += length;
            }
            else
            {
                symbols.Add(own);
                at += own.Length;
            }
        }
        return symbols;
    }
}
