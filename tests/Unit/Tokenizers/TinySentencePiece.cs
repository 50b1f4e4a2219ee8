using System.Text;

namespace FlexEdit.Tests.Unit.Tokenizers;

/// <summary>SentencePiece models made by hand.</summary>
internal static class TinySentencePiece
{
    /// <summary>Control pieces, all bytes, and pieces of one's own.</summary>
    public static (string Text, int Kind)[] PiecesWith(params string[] own) =>
        [("<unk>", 2), ("<s>", 3), ("</s>", 3), .. Enumerable.Range(0, 256).Select(b => ($"<0x{b:X2}>", 6)), .. own.Select(p => (p, 1))];

    // Fields of sentencepiece_model.proto: pieces 1 (text 1, score 2, kind 3), trainer 2 (kind 3, byte fallback 35), normalizer 3 (prefix 3, removes spaces 4).
    public static byte[] Model((string Text, int Kind)[] pieces, int kind = 2, bool removesSpaces = false)
    {
        var bytes = new List<byte>();
        foreach (var (index, (text, own)) in pieces.Index())
        {
            var utf8 = Encoding.UTF8.GetBytes(text);
            byte[] piece = [0x0a, (byte)utf8.Length, .. utf8, 0x15, .. BitConverter.GetBytes((float)-index), 0x18, (byte)own];
            bytes.AddRange([0x0a, (byte)piece.Length, .. piece]);
        }
        bytes.AddRange([0x12, 5, 0x18, (byte)kind, 0x98, 0x02, 1]);
        bytes.AddRange([0x1a, 4, 0x18, 1, 0x20, (byte)(removesSpaces ? 1 : 0)]);
        return [.. bytes];
    }
}
