using FlexEdit.Models.Editing;
using FlexEdit.Models.Llama;
using FlexEdit.Models.Tokenizers.SentencePiece;
using static TorchSharp.torch;

namespace FlexEdit.Models.Methods.SmartEdit;

/// <summary>
/// SmartEdit's reading half (Huang et al. 2024, section 3.1): LLaVA reads the scene and the instruction, and the Q-Former turns the states of its answer's image tokens into e.
/// The published program draws the sentence in front of the image tokens at temperature 0.7; here it is always the sentence of the template that was asked with, read in one pass,
/// so that the same edit gives the same embedding. The model knows no mask and no subject, so the instruction is its only label and there is no full mask.
/// </summary>
public sealed class SmartEditUnderstanding : IUnderstandingModel
{
    private readonly LlavaReader _reader;
    private readonly SmartEditPrompt _prompt;
    private readonly int _imageTokens;

    /// <summary>Joins networks and tokenizer.</summary>
    /// <param name="reader">Belongs to this model from now on.</param>
    /// <param name="tokenizer">With the added tokens.</param>
    /// <param name="tokensPerPicture">Features of a picture.</param>
    /// <param name="imageTokens">N.</param>
    public SmartEditUnderstanding(LlavaReader reader, LlamaTokenizer tokenizer, int tokensPerPicture, int imageTokens) =>
        (_reader, _prompt, _imageTokens) = (reader, new SmartEditPrompt(tokenizer, tokensPerPicture, imageTokens), imageTokens);

    /// <inheritdoc/>
    public int Resolution => _reader.Side;

    /// <inheritdoc/>
    public Understanding Understand(UnderstandingRequest request)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        using var cache = new KeyValueCache();
        var (_, features) = _reader.Look([request.Scene]);
        _reader.Read(_prompt.Encode(request.Instruction), features, cache);
        var (embedding, shape) = _reader.Embed(_reader.Append(_prompt.Rest, _imageTokens, cache));
        return new Understanding
        {
            Answer = SmartEditPrompt.Answer + ".",
            Candidates = [(request.Label is { Length: > 0 } label ? label : request.Instruction, 1)],
            Embedding = embedding,
            EmbeddingShape = shape,
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();
}
