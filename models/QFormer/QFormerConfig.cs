namespace FlexEdit.Models.QFormer;

/// <summary>Sizes of a Q-Former, under the names and with the defaults of the published <c>Blip2QFormerConfig</c>.</summary>
public sealed record QFormerConfig
{
    /// <summary>Width of the queries.</summary>
    public int HiddenSize { get; init; } = 768;
    /// <summary>Number of layers.</summary>
    public int NumHiddenLayers { get; init; } = 12;
    /// <summary>Number of attention heads; divides <see cref="HiddenSize"/>.</summary>
    public int NumAttentionHeads { get; init; } = 12;
    /// <summary>Width inside the feed-forward part.</summary>
    public int IntermediateSize { get; init; } = 3072;
    /// <summary>Activation of the feed-forward part.</summary>
    public string HiddenAct { get; init; } = "gelu";
    /// <summary>Probability, in training, that an entry of a sublayer's output is dropped.</summary>
    public double HiddenDropoutProb { get; init; } = 0.1;
    /// <summary>Probability, in training, that an attention weight is dropped.</summary>
    public double AttentionProbsDropoutProb { get; init; } = 0.1;
    /// <summary>Added to the variance in every layer norm.</summary>
    public double LayerNormEps { get; init; } = 1e-12;
    /// <summary>Layers 0, n, 2n, … look at the encoder's states.</summary>
    public int CrossAttentionFrequency { get; init; } = 2;
    /// <summary>Width of the encoder's states.</summary>
    public int EncoderHiddenSize { get; init; } = 1408;
    /// <summary>Standard deviation of the weights before training.</summary>
    public double InitializerRange { get; init; } = 0.02;
}
