using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Editing;
using FlexEdit.Models.Llava;
using FlexEdit.Models.Methods.Parts;
using FlexEdit.Models.QFormer;
using FlexEdit.Models.Tokenizers;
using static TorchSharp.torch;

namespace FlexEdit.Models.Methods.Reading;

/// <summary>Sizes of a reading half whose language model is LLaVA at a published size, with image tokens added to its vocabulary.</summary>
public sealed record LlavaReadingConfig
{
    /// <summary>The vision-language model.</summary>
    public required LlavaConfig Llava { get; init; }
    /// <summary>The Q-Former; reads states of the language model's width.</summary>
    public required QFormerConfig Qformer { get; init; }
    /// <summary>N image tokens in an answer.</summary>
    public int ImageTokens { get; init; } = 32;
    /// <summary>Id of the first of them; the others follow.</summary>
    public required long FirstImageToken { get; init; }
    /// <summary>Tokens of the edit embedding e: as many as CLIP's text encoder gives.</summary>
    public int EmbeddingTokens { get; init; } = 77;

    /// <summary>The image tokens and their ids.</summary>
    internal IEnumerable<KeyValuePair<string, long>> ImageTokenIds => Enumerable.Range(0, ImageTokens).Select(i => KeyValuePair.Create(ControlTokens.Image(i), FirstImageToken + i));

    /// <summary>The vision-language model.</summary>
    internal LlavaForConditionalGeneration Vllm(IPartReader reader, ScalarType type, Func<LlavaForConditionalGeneration, WeightsSource> weights) => reader.Read(
        new PartPlace("vllm", "vllm", "model"), type, device => new LlavaForConditionalGeneration(Llava, device, type), weights);

    /// <summary>The Q-Former.</summary>
    internal QueryTransformer QueryTransformer(IPartReader reader, ScalarType type, Func<WeightsSource> weights) => reader.Read(
        new PartPlace("qformer", "qformer", "model"), type, device => new QueryTransformer(Qformer, EmbeddingTokens, device, type), _ => weights());

    /// <summary>Joins loaded networks; crops of side <paramref name="side"/> are resized and normalised as CLIP's image processor does.</summary>
    public LlavaReader Join(LlavaForConditionalGeneration vllm, QueryTransformer qformer, int side) =>
        new(vllm, qformer, side, crops => ClipPictures.Ready(crops, side, Llava.VisionConfig, ClipPictures.WeightOf(vllm)));

    /// <summary>Checks that the sizes fit together.</summary>
    /// <exception cref="NotSupportedException">Names the entry and what it may be.</exception>
    public void Validate()
    {
        if (Qformer.EncoderHiddenSize != Llava.TextConfig.HiddenSize)
            throw new NotSupportedException($"qformer.encoder_hidden_size is {Qformer.EncoderHiddenSize}; it must be the language model's hidden_size ({Llava.TextConfig.HiddenSize}).");
        if (ImageTokens < 1 || FirstImageToken < 3 || FirstImageToken + ImageTokens > Llava.TextConfig.VocabSize)
            throw new NotSupportedException($"{ImageTokens} image tokens from {FirstImageToken} on do not fit into a vocabulary of {Llava.TextConfig.VocabSize}.");
        if (EmbeddingTokens < 1)
            throw new NotSupportedException($"embedding_tokens is {EmbeddingTokens}; it must be at least 1.");
    }
}
