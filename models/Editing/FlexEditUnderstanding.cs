using FlexEdit.Models.Llama;
using FlexEdit.Models.Tokenizers;
using static TorchSharp.torch;

namespace FlexEdit.Models.Editing;

/// <summary>
/// FlexEdit's reading half. 1. The mask is drawn on pic1; 2. both pictures and the question go through the language model once;
/// 3. its likeliest labels are read off behind <c>The masks mean "</c>; 4. the rest of the answer with its N image tokens, always the same ids, is appended
/// in one pass (greedy decoding gives the same states); 5. the Q-Former turns the image tokens' states into e (eq. 1), the head into the whole mask.
/// </summary>
public sealed class FlexEditUnderstanding : IUnderstandingModel
{
    private readonly UnderstandingNetworks networks;
    private readonly EditPrompt prompt;
    private readonly LabelSearch labels;

    /// <summary>Joins networks and tokenizer.</summary>
    public FlexEditUnderstanding(UnderstandingNetworks networks, ITextTokenizer tokenizer)
    {
        this.networks = networks;
        prompt = new EditPrompt(tokenizer, networks.Config.Llava.TokensPerImage(), networks.Config.ImageTokens);
        labels = new LabelSearch(networks.Vllm.LanguageModel, prompt.Quote, networks.Config.LabelTemperature);
    }

    /// <inheritdoc/>
    public int Resolution => networks.Config.Resolution;

    /// <inheritdoc/>
    public Understanding Understand(UnderstandingRequest request)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        using var cache = new KeyValueCache();
        var vllm = networks.Vllm;
        var drawn = MaskOverlay.Draw(request.Scene, request.Mask);
        var pictures = CropTensors.FromRgb(request.Subject is null ? [drawn] : [drawn, request.Subject], Resolution);
        var features = vllm.ImageFeatures(pictures);

        var question = prompt.Question(request.Instruction, request.Subject is not null).Concat(prompt.AnswerBegin).ToArray();
        var states = vllm.LanguageModel.Forward(vllm.Embed(tensor(question, [1, question.Length]), features), cache: cache);
        var candidates = labels.Find(states.narrow(1, states.shape[1] - 1, 1), cache);
        var label = request.Label is { Length: > 0 } given ? prompt.Label(given) : candidates[0].Ids;

        long[] rest = [.. label, .. prompt.AnswerEnd];
        var tokens = networks.Config.ImageTokens;
        var image = AppendedTokens.States(vllm.LanguageModel, null, rest, [.. Enumerable.Range(rest.Length - tokens, tokens)], cache: cache);
        var embedding = networks.QFormer.Forward(image).to(float32);
        var mask = networks.MaskHead.Forward(image, features.narrow(0, 0, 1), pictures.narrow(0, 0, 1)).sigmoid();
        var full = nn.functional.interpolate(mask, [Resolution, Resolution], mode: InterpolationMode.Bilinear, align_corners: false);
        return new Understanding
        {
            Answer = prompt.Read([.. prompt.AnswerBegin, .. rest, .. prompt.Close]),
            Candidates = [.. candidates.Select(c => (prompt.ReadLabel(c.Ids), c.Probability))],
            FullMask = CropTensors.ToGray(full[0, 0]),
            Embedding = embedding.reshape(-1).data<float>().ToArray(),
            EmbeddingShape = ((int)embedding.shape[1], (int)embedding.shape[2]),
        };
    }

    /// <inheritdoc/>
    public void Dispose() => networks.Dispose();
}
