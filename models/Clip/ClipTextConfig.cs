namespace FlexEdit.Models.Clip;

/// <summary>Sizes of a CLIP text encoder, under the names and with the defaults of the published <c>CLIPTextConfig</c>.</summary>
public sealed record ClipTextConfig
{
    /// <summary>The id that old configurations name as the end of a text although their tokenizers use another.</summary>
    public const long OldEndId = 2;

    /// <summary>Rows of the embedding table.</summary>
    public int VocabSize { get; init; } = 49408;
    /// <summary>Width of the hidden states.</summary>
    public int HiddenSize { get; init; } = 512;
    /// <summary>Width inside the feed-forward part.</summary>
    public int IntermediateSize { get; init; } = 2048;
    /// <summary>Width of the joint image-text space.</summary>
    public int ProjectionDim { get; init; } = 512;
    /// <summary>Number of layers.</summary>
    public int NumHiddenLayers { get; init; } = 12;
    /// <summary>Number of attention heads; divides <see cref="HiddenSize"/>.</summary>
    public int NumAttentionHeads { get; init; } = 8;
    /// <summary>Longest text in tokens.</summary>
    public int MaxPositionEmbeddings { get; init; } = 77;
    /// <summary>Activation of the feed-forward part: <c>quick_gelu</c> or <c>gelu</c>.</summary>
    public string HiddenAct { get; init; } = "quick_gelu";
    /// <summary>Added to the variance in every layer norm.</summary>
    public double LayerNormEps { get; init; } = 1e-5;
    /// <summary>Ends a text. A text is pooled at its first such id, or, when this is <see cref="OldEndId"/>, at its largest id.</summary>
    public long EosTokenId { get; init; } = 49407;
    /// <summary>Standard deviation of the weights before training.</summary>
    public double InitializerRange { get; init; } = 0.02;
}
