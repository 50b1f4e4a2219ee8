using FlexEdit.Models.Llava;
using FlexEdit.Models.QFormer;

namespace FlexEdit.Models.Editing;

/// <summary>Sizes of the reading half of a FlexEdit model (<c>understanding.json</c> of its folder).</summary>
public sealed record UnderstandingConfig
{
    /// <summary>Side R of the crop in pixels; also the side of the pictures that the language model sees.</summary>
    public required int Resolution { get; init; }
    /// <summary>N image tokens in the answer.</summary>
    public required int ImageTokens { get; init; }
    /// <summary>Tokens of the edit embedding e.</summary>
    public required int EmbeddingTokens { get; init; }
    /// <summary>The probability of a label is that of the words, with their scores divided by this (temperature scaling, Guo et al. 2017).</summary>
    public double LabelTemperature { get; init; } = 1;
    /// <summary>The vision-language model.</summary>
    public required LlavaConfig Llava { get; init; }
    /// <summary>The Q-Former.</summary>
    public required QFormerConfig Qformer { get; init; }
}
