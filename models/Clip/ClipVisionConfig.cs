using System.Text.Json.Serialization;

namespace FlexEdit.Models.Clip;

/// <summary>Sizes of a CLIP image encoder, under the names and with the defaults of the published <c>CLIPVisionConfig</c>.</summary>
public sealed record ClipVisionConfig
{
    /// <summary>Width of the hidden states.</summary>
    public int HiddenSize { get; init; } = 768;
    /// <summary>Width inside the feed-forward part.</summary>
    public int IntermediateSize { get; init; } = 3072;
    /// <summary>Width of the joint image-text space.</summary>
    public int ProjectionDim { get; init; } = 512;
    /// <summary>Number of layers.</summary>
    public int NumHiddenLayers { get; init; } = 12;
    /// <summary>Number of attention heads; divides <see cref="HiddenSize"/>.</summary>
    public int NumAttentionHeads { get; init; } = 12;
    /// <summary>Channels of the picture; 3 in every published encoder.</summary>
    public int NumChannels { get; init; } = 3;
    /// <summary>Side of the square picture in pixels.</summary>
    public int ImageSize { get; init; } = 224;
    /// <summary>Side of a patch in pixels.</summary>
    public int PatchSize { get; init; } = 32;
    /// <summary>Channels of convolutions beside the patch embedding, one number for each halving down to a patch; null in every published encoder.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<int>? StemChannels { get; init; }
    /// <summary>Activation of the feed-forward part: <c>quick_gelu</c> or <c>gelu</c>.</summary>
    public string HiddenAct { get; init; } = "quick_gelu";
    /// <summary>Added to the variance in every layer norm.</summary>
    public double LayerNormEps { get; init; } = 1e-5;
    /// <summary>Standard deviation of the weights before training.</summary>
    public double InitializerRange { get; init; } = 0.02;

    /// <summary>Number of patches of one picture.</summary>
    public int Patches() => ImageSize / PatchSize * (ImageSize / PatchSize);
}
