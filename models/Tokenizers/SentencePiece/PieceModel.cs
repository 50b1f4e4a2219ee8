using System.Buffers.Binary;
using System.Text;

namespace FlexEdit.Models.Tokenizers.SentencePiece;

/// <summary>The parts of a <c>tokenizer.model</c> that byte-pair encoding needs.</summary>
/// <param name="Pieces">Text, score and kind by id.</param>
/// <param name="AddDummyPrefix">Whether a space is put before the text.</param>
internal sealed record PieceModel(IReadOnlyList<(string Text, float Score, PieceKind Kind)> Pieces, bool AddDummyPrefix)
{
    private const long MaximumLength = 1 << 26;

    /// <summary>Reads a model file (a protocol buffer: google/sentencepiece, <c>sentencepiece_model.proto</c>).</summary>
    /// <exception cref="InvalidDataException">It is no such file, or one of a kind that is not built; the message says why.</exception>
    public static PieceModel Read(string path)
    {
        if (new FileInfo(path) is { Exists: true, Length: > MaximumLength } file)
            throw new InvalidDataException($"'{path}' has {file.Length} bytes, more than the {MaximumLength} allowed for a SentencePiece model.");
        var bytes = File.ReadAllBytes(path);
        try
        {
            return Parse(bytes);
        }
        catch (Exception problem) when (problem is InvalidDataException or ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            throw new InvalidDataException($"'{path}' is not a SentencePiece model that can be used: {problem.Message.TrimEnd('.')}.", problem);
        }
    }

    private static PieceModel Parse(ReadOnlySpan<byte> bytes)
    {
        var pieces = new List<(string, float, PieceKind)>();
        var (kind, bytePieces, prefix, removesSpaces, escapes, hasRules) = (1L, false, true, true, true, false);
        var fields = new ProtocolFields(bytes);
        while (fields.Next())
        {
            if (fields is { Number: 1, IsBytes: true })
                pieces.Add(Piece(fields.Bytes));
            if (fields is { Number: 2, IsBytes: true })
            {
                var trainer = new ProtocolFields(fields.Bytes);
                while (trainer.Next())
                {
                    if (trainer.Number == 3)
                        kind = trainer.Value;
                    if (trainer.Number == 35)
                        bytePieces = trainer.Value != 0;
                }
            }
            if (fields is { Number: 3, IsBytes: true })
            {
                var normalizer = new ProtocolFields(fields.Bytes);
                while (normalizer.Next())
                {
                    if (normalizer.Number == 2)
                        hasRules = normalizer.Bytes.Length > 0;
                    if (normalizer.Number == 3)
                        prefix = normalizer.Value != 0;
                    if (normalizer.Number == 4)
                        removesSpaces = normalizer.Value != 0;
                    if (normalizer.Number == 5)
                        escapes = normalizer.Value != 0;
                }
            }
        }
        if (pieces.Count == 0)
            throw new InvalidDataException("it has no pieces");
        if (kind != 2)
            throw new InvalidDataException("it is not of the byte-pair kind (LLaMA's), but unigram, word or character");
        if (hasRules || removesSpaces || !escapes)
            throw new InvalidDataException("it normalises text by rules of its own, which LLaMA's models do not");
        if (bytePieces && pieces.Count(p => p.Item3 == PieceKind.Byte) != 256)
            throw new InvalidDataException("it falls back to bytes, but has not 256 pieces for them");
        return new PieceModel(pieces, prefix);
    }

    private static (string, float, PieceKind) Piece(ReadOnlySpan<byte> bytes)
    {
        var (text, score, kind) = ("", 0f, PieceKind.Normal);
        var fields = new ProtocolFields(bytes);
        while (fields.Next())
        {
            if (fields is { Number: 1, IsBytes: true })
                text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(fields.Bytes);
            if (fields.Number == 2)
                score = BitConverter.Int32BitsToSingle((int)fields.Value);
            if (fields.Number == 3)
                kind = (PieceKind)fields.Value;
        }
        if (text.Length == 0 || !Enum.IsDefined(kind) || float.IsNaN(score))
            throw new InvalidDataException("a piece has no text, no score or no known kind");
        return (text, score, kind);
    }

    /// <summary>Walks over the fields of a protocol buffer message.</summary>
    private ref struct ProtocolFields(ReadOnlySpan<byte> message)
    {
        private ReadOnlySpan<byte> _rest = message;

        public int Number { get; private set; }

        public bool IsBytes { get; private set; }

        public long Value { get; private set; }

        public ReadOnlySpan<byte> Bytes { get; private set; }

        public bool Next()
        {
            if (_rest.IsEmpty)
                return false;
            var key = Number64();
            (Number, IsBytes, Value) = (checked((int)(key >> 3)), (key & 7) == 2, 0);
            Bytes = default;
            switch (key & 7)
            {
                case 0:
                    Value = (long)Number64();
                    break;
                case 1:
                    Value = BinaryPrimitives.ReadInt64LittleEndian(Take(8));
                    break;
                case 2:
                    Bytes = Take(Number64());
                    break;
                case 5:
                    Value = BinaryPrimitives.ReadInt32LittleEndian(Take(4));
                    break;
                default:
                    throw new InvalidDataException("its bytes are not a protocol buffer");
            }
            return true;
        }

        private ulong Number64()
        {
            var value = 0UL;
            for (var shift = 0; ; shift += 7)
            {
                var part = Take(1)[0];
                if (shift > 63)
                    throw new InvalidDataException("a number in it is too long");
                value |= (ulong)(part & 0x7f) << shift;
                if (part < 0x80)
                    return value;
            }
        }

        private ReadOnlySpan<byte> Take(ulong count)
        {
            if (count > (ulong)_rest.Length)
                throw new InvalidDataException("it ends in the middle of a field");
            var taken = _rest[..(int)count];
            _rest = _rest[(int)count..];
            return taken;
        }
    }
}
