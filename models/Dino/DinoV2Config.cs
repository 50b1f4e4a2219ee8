namespace FlexEdit.Models.Dino;

/// <summary>Sizes of a DINOv2 image encoder, under the names and with the defaults of the published <c>Dinov2Config</c>.</summary>
public sealed record DinoV2Config
{
    /// <summary>Width of the hidden states.</summary>
    public int HiddenSize { get; init; } = 768;
    /// <summary>Number of layers.</summary>
    public int NumHiddenLayers { get; init; } = 12;
    /// <summary>Number of attention heads; divides <see cref="HiddenSize"/>.</summary>
    public int NumAttentionHeads { get; init; } = 12;
    /// <summary>Width inside the feed-forward part, in widths of the hidden states.</summary>
    public int MlpRatio { get; init; } = 4;
    /// <summary>Activation of the feed-forward part.</summary>
    public string HiddenAct { get; init; } = "gelu";
    /// <summary>Added to the variance in every layer norm.</summary>
    public double LayerNormEps { get; init; } = 1e-6;
    /// <summary>Side in pixels of the pictures that the positions were learned for; others are read with interpolated positions.</summary>
    public int ImageSize { get; init; } = 224;
    /// <summary>Side of a patch in pixels.</summary>
    public int PatchSize { get; init; } = 14;
    /// <summary>Channels of the picture.</summary>
    public int NumChannels { get; init; } = 3;
    /// <summary>Queries, keys and values have biases.</summary>
    public bool QkvBias { get; init; } = true;
    /// <summary>What every layer's output is scaled by before training.</summary>
    public double LayerscaleValue { get; init; } = 1;
    /// <summary>A gated feed-forward part, as the giant encoder has; only false is supported.</summary>
    public bool UseSwigluFfn { get; init; }
    /// <summary>Standard deviation of the weights before training.</summary>
    public double InitializerRange { get; init; } = 0.02;

    /// <summary>Learned positions along one side.</summary>
    public int Grid() => ImageSize / PatchSize;

    /// <summary>Checks that the sizes fit together.</summary>
    /// <exception cref="NotSupportedException">Names the entry and what it may be.</exception>
    public void Validate()
    {
        if (UseSwigluFfn)
            throw new NotSupportedException("use_swiglu_ffn is true; only false is supported.");
        if (NumAttentionHeads < 1 || HiddenSize % NumAttentionHeads != 0)
            throw new NotSupportedException($"num_attention_heads is {NumAttentionHeads}; it must divide hidden_size ({HiddenSize}).");
        if (PatchSize < 1 || ImageSize % PatchSize != 0)
            throw new NotSupportedException($"patch_size is {PatchSize}; it must divide image_size ({ImageSize}).");
    }
}
