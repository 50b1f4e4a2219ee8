using FlexEdit.Models.Llama;
using FlexEdit.Models.Tokenizers;
using static TorchSharp.torch;

namespace FlexEdit.Models.Editing;

/// <summary>
/// FlexEdit's reading half, at whatever size. 1. The mask is drawn on pic1; 2. both pictures and the question go through the language model once;
/// 3. its likeliest labels are read off behind <c>The masks mean "</c>; 4. the rest of the answer with its N image tokens, always the same ids, is appended
/// in one pass (greedy decoding gives the same states); 5. the Q-Former turns the image tokens' states into e (eq. 1), the head into the whole mask.
/// </summary>
public sealed class FlexEditUnderstanding : IUnderstandingModel
{
    private readonly LlavaReader reader;
    private readonly IEditPrompt prompt;
    private readonly LabelSearch labels;
    private readonly int imageTokens;
    private readonly MaskHead? maskHead;

    /// <summary>Joins the parts.</summary>
    /// <param name="reader">Language model and Q-Former; belongs to this model from now on.</param>
    /// <param name="prompt">In the vocabulary of the language model.</param>
    /// <param name="imageTokens">N.</param>
    /// <param name="labelTemperature">Scores of labels are divided by it; 1 leaves them as they are.</param>
    /// <param name="maskHead">Belongs to this model as well; null for a model that predicts no whole mask.</param>
    public FlexEditUnderstanding(LlavaReader reader, IEditPrompt prompt, int imageTokens, double labelTemperature, MaskHead? maskHead = null)
    {
        (this.reader, this.prompt, this.imageTokens, this.maskHead) = (reader, prompt, imageTokens, maskHead);
        labels = new LabelSearch(reader.LanguageModel, prompt, labelTemperature);
    }

    /// <summary>Joins networks and tokenizer of a small model.</summary>
    public FlexEditUnderstanding(UnderstandingNetworks networks, ITextTokenizer tokenizer)
        : this(
            new LlavaReader(networks.Vllm, networks.QFormer, networks.Config.Resolution, crops => CropTensors.FromRgb(crops, networks.Config.Resolution)),
            new EditPrompt(tokenizer, networks.Config.Llava.TokensPerImage(), networks.Config.ImageTokens),
            networks.Config.ImageTokens, networks.Config.LabelTemperature, networks.MaskHead)
    {
    }

    /// <inheritdoc/>
    public int Resolution => reader.Side;

    /// <inheritdoc/>
    public Understanding Understand(UnderstandingRequest request)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        using var cache = new KeyValueCache();
        var drawn = MaskOverlay.Draw(request.Scene, request.Mask);
        var (pictures, features) = reader.Look(request.Subject is null ? [drawn] : [drawn, request.Subject]);

        var state = reader.Read(prompt.Question(request.Instruction, request.Subject is not null).Concat(prompt.AnswerBegin), features, cache);
        var candidates = labels.Find(state, cache);
        var label = request.Label is { Length: > 0 } given ? prompt.Label(given) : candidates[0].Ids;

        long[] rest = [.. label, .. prompt.AnswerEnd];
        var image = reader.Append(rest, imageTokens, cache);
        var (embedding, shape) = reader.Embed(image);
        return new Understanding
        {
            Answer = prompt.Read([.. prompt.AnswerBegin, .. rest, .. prompt.Close]),
            Candidates = [.. candidates.Select(c => (prompt.ReadLabel(c.Ids), c.Probability))],
            FullMask = maskHead is null ? null : FullMask(maskHead, image, features, pictures),
            Embedding = embedding,
            EmbeddingShape = shape,
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        reader.Dispose();
        maskHead?.Dispose();
    }

    private byte[] FullMask(MaskHead head, Tensor image, Tensor features, Tensor pictures)
    {
        var mask = head.Forward(image, features.narrow(0, 0, 1), pictures.narrow(0, 0, 1)).sigmoid();
        var full = nn.functional.interpolate(mask, [Resolution, Resolution], mode: InterpolationMode.Bilinear, align_corners: false);
        return CropTensors.ToGray(full[0, 0]);
    }
}
