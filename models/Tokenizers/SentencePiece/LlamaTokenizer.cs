using System.Buffers;
using System.Collections.Frozen;
using System.Text;
using FlexEdit.Models.Tokenizers.Chat;

namespace FlexEdit.Models.Tokenizers.SentencePiece;

/// <summary>
/// LLaMA's SentencePiece model (<c>tokenizer.model</c>) with added tokens, with the ids of transformers' <c>LlamaTokenizer(legacy=False)</c>.
/// Text never becomes a control token, whatever it says: prompts are made of <see cref="PromptPart"/>s.
/// </summary>
public sealed class LlamaTokenizer : ITextTokenizer
{
    private readonly PieceModel _model;
    private readonly PieceEncoder _encoder;
    private readonly FrozenDictionary<long, string> _controlNames;

    private LlamaTokenizer(PieceModel model, IReadOnlyDictionary<string, long> added)
    {
        _model = model;
        _encoder = new PieceEncoder(model);
        var controls = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (id, piece) in model.Pieces.Index())
            if (piece.Kind is PieceKind.Control or PieceKind.Unknown)
                controls[piece.Text] = id;
        foreach (var (name, id) in added)
            controls[name] = id;
        _controlNames = controls.DistinctBy(c => c.Value).ToFrozenDictionary(c => c.Value, c => c.Key);
        VocabularySize = (int)Math.Max(model.Pieces.Count, controls.Values.Max() + 1);
        // The names that our own prompts use.
        foreach (var (own, published) in new[] { (ControlTokens.Begin, Begin), (ControlTokens.End, End), (ControlTokens.Padding, "<pad>") })
            if (controls.TryGetValue(published, out var id))
                controls.TryAdd(own, id);
        Controls = controls.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>Begins a sequence.</summary>
    public const string Begin = "<s>";

    /// <summary>Ends an answer.</summary>
    public const string End = "</s>";

    /// <summary>Reads a model.</summary>
    /// <param name="path">The <c>tokenizer.model</c>.</param>
    /// <param name="added">Ids of the control tokens that were added to it (<c>&lt;image&gt;</c>, <c>&lt;img_0&gt;</c> …); those of the model itself need not be named.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is no SentencePiece model of LLaMA's kind, or an added token has an id or a name that does not fit; the message says why.</exception>
    public static LlamaTokenizer Open(string path, IReadOnlyDictionary<string, long>? added = null)
    {
        var model = PieceModel.Read(path);
        foreach (var needed in new[] { Begin, End })
            if (!model.Pieces.Any(p => p.Kind == PieceKind.Control && p.Text == needed))
                throw new InvalidDataException($"'{path}' has no control piece '{needed}'.");
        foreach (var (name, id) in added ?? new Dictionary<string, long>())
        {
            if (name.Length == 0 || id < 0 || id > model.Pieces.Count + 1_000_000)
                throw new InvalidDataException($"The added token '{name}' has the id {id}, which is not possible beside the {model.Pieces.Count} pieces of '{path}'.");
            if (id < model.Pieces.Count && model.Pieces[(int)id].Text != name)
                throw new InvalidDataException($"The added token '{name}' has the id {id}, which is that of the piece '{model.Pieces[(int)id].Text}' of '{path}'.");
        }
        return new LlamaTokenizer(model, added ?? new Dictionary<string, long>());
    }

    /// <inheritdoc/>
    public int VocabularySize { get; }

    /// <summary>Pieces of the model itself; the ids of added tokens begin behind them.</summary>
    public int Pieces => _model.Pieces.Count;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, long> Controls { get; }

    /// <inheritdoc/>
    public IReadOnlyList<long> Encode(string text)
    {
        var ids = new List<long>();
        if (text.Length > 0)
            _encoder.Encode((_model.AddDummyPrefix ? " " + text : text).Replace(' ', PieceEncoder.Space), ids);
        return ids;
    }

    /// <summary>A whole prompt: begun with <see cref="Begin"/>; texts side by side are one text; a space before the first only.</summary>
    /// <param name="parts">Texts and control tokens.</param>
    /// <exception cref="ArgumentException">There is no control token of a name.</exception>
    public IReadOnlyList<long> EncodePrompt(IEnumerable<PromptPart> parts)
    {
        var ids = new List<long> { Controls[Begin] };
        var text = new StringBuilder();
        var isFirst = true;
        foreach (var part in parts)
        {
            if (part.Content.Length == 0)
                continue;
            if (!part.IsControl)
            {
                text.Append(part.Content);
                continue;
            }
            if (!Controls.TryGetValue(part.Content, out var id))
                throw new ArgumentException($"The vocabulary has no control token '{part.Content}'.", nameof(parts));
            EndText();
            ids.Add(id);
            // A prompt that begins with a control token has no space before its first text.
            isFirst = false;
        }
        EndText();
        return ids;

        void EndText()
        {
            if (text.Length == 0)
                return;
            var escaped = text.Replace(' ', PieceEncoder.Space).ToString();
            _encoder.Encode(isFirst ? PieceEncoder.Space + escaped : escaped, ids);
            text.Clear();
            isFirst = false;
        }
    }

    /// <summary>Ids of plain text that goes on behind other tokens: nothing begins it and no space is put before it.</summary>
    public IReadOnlyList<long> EncodeContinuation(string text)
    {
        var ids = new List<long>();
        if (text.Length > 0)
            _encoder.Encode(text.Replace(' ', PieceEncoder.Space), ids);
        return ids;
    }

    /// <summary>
    /// A prompt written as one text, in which the names of control tokens are control tokens. Only for text that the program itself made:
    /// what a user typed belongs in a <see cref="PromptPart"/>.
    /// </summary>
    public IReadOnlyList<long> EncodeTrusted(string text) => EncodePrompt(SplitAtControls(text));

    /// <inheritdoc/>
    public string Decode(IEnumerable<long> ids, bool withControls = false)
    {
        var text = new StringBuilder();
        var bytes = new List<byte>();
        var isFirst = true;
        foreach (var id in ids)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((ulong)id, (ulong)VocabularySize, nameof(ids));
            var isPiece = id < _model.Pieces.Count && !_controlNames.ContainsKey(id);
            if (isPiece && _model.Pieces[(int)id].Kind == PieceKind.Byte)
            {
                bytes.Add(Convert.ToByte(_model.Pieces[(int)id].Text[3..5], 16));
                isFirst = false;
                continue;
            }
            EndBytes();
            if (!isPiece)
            {
                if (withControls && _controlNames.TryGetValue(id, out var name) && name is not (Begin or End or ControlTokens.Padding))
                    text.Append(name);
                continue;
            }
            var piece = _model.Pieces[(int)id].Text;
            // The space that was put before the text is not part of it.
            if (isFirst && _model.AddDummyPrefix && piece[0] == PieceEncoder.Space)
                piece = piece[1..];
            text.Append(piece.Replace(PieceEncoder.Space, ' '));
            isFirst = false;
        }
        EndBytes();
        return text.ToString();

        void EndBytes()
        {
            for (var rest = bytes.ToArray().AsSpan(); rest.Length > 0;)
            {
                // Each byte that is part of no character is shown by itself, as SentencePiece does.
                var isCharacter = Rune.DecodeFromUtf8(rest, out var rune, out var length) == OperationStatus.Done;
                text.Append(rune.ToString());
                rest = rest[(isCharacter ? length : 1)..];
            }
            bytes.Clear();
        }
    }

    private IEnumerable<PromptPart> SplitAtControls(string text)
    {
        var names = _controlNames.Values.OrderByDescending(n => n.Length).ToArray();
        var start = 0;
        for (var at = 0; at < text.Length;)
        {
            var name = names.FirstOrDefault(n => text.AsSpan(at).StartsWith(n, StringComparison.Ordinal));
            if (name is null)
            {
                at++;
                continue;
            }
            yield return PromptPart.Text(text[start..at]);
            yield return PromptPart.Control(name);
            start = at += name.Length;
        }
        yield return PromptPart.Text(text[start..]);
    }
}
