using FlexEdit.Models.Editing;
using FlexEdit.Models.Tokenizers;
using FlexEdit.Models.Tokenizers.Chat;
using FlexEdit.Models.Tokenizers.SentencePiece;

namespace FlexEdit.Models.Methods.FullSize;

/// <summary>
/// FlexEdit's question and answer in LLaVA-1.5's conversation (the template that it was trained with). The three parts of an answer are encoded apart, so that a label ends at the
/// same ids whatever it is.
/// </summary>
/// <param name="tokenizer">LLaMA's, with the picture token and the image tokens.</param>
/// <param name="tokensPerPicture">Features of a picture.</param>
/// <param name="imageTokens">N.</param>
internal sealed class FullSizePrompt(LlamaTokenizer tokenizer, int tokensPerPicture, int imageTokens) : IEditPrompt
{
    private readonly HashSet<long> _controls = [.. tokenizer.Controls.Values];

    /// <inheritdoc/>
    public IReadOnlyList<long> Question(string instruction, bool withSubject)
    {
        var picture = Enumerable.Repeat(PromptPart.Control(ControlTokens.Picture), tokensPerPicture);
        IEnumerable<PromptPart> parts = [PromptPart.Text("[pic1] "), .. picture, PromptPart.Text("\n")];
        if (withSubject)
            parts = [.. parts, PromptPart.Text("[pic2] "), .. picture, PromptPart.Text("\n")];
        return tokenizer.EncodePrompt(ChatTemplate.Vicuna.Ask([.. parts, PromptPart.Text(instruction)]));
    }

    /// <inheritdoc/>
    public IReadOnlyList<long> AnswerBegin { get; } = tokenizer.EncodeContinuation(" " + EditPrompt.BeforeLabel);

    /// <inheritdoc/>
    public IReadOnlyList<long> Label(string label) => tokenizer.EncodeContinuation(label);

    // The model may close the quotation with any piece that begins so: a quote alone, or one with the full stop behind it.
    /// <inheritdoc/>
    public IReadOnlySet<long> LabelEnds { get; } =
        Enumerable.Range(0, tokenizer.VocabularySize).Select(id => (long)id).Where(id => tokenizer.Decode([id]).StartsWith('"')).Append(tokenizer.Controls[LlamaTokenizer.End]).ToHashSet();

    /// <inheritdoc/>
    public bool IsText(long id) => id < tokenizer.Pieces && !_controls.Contains(id);

    /// <inheritdoc/>
    public int LongestLabel => 12;

    /// <inheritdoc/>
    public IReadOnlyList<long> AnswerEnd { get; } =
        [.. tokenizer.EncodeContinuation(EditPrompt.AfterLabel), .. Enumerable.Range(0, imageTokens).Select(i => tokenizer.Controls[ControlTokens.Image(i)])];

    /// <inheritdoc/>
    public IReadOnlyList<long> Close { get; } = [.. tokenizer.EncodeContinuation("."), tokenizer.Controls[LlamaTokenizer.End]];

    /// <inheritdoc/>
    public string Read(IEnumerable<long> ids) => tokenizer.Decode(ids, withControls: true);

    /// <inheritdoc/>
    public string ReadLabel(IEnumerable<long> ids) => tokenizer.Decode(ids).Trim().ToLowerInvariant();
}
