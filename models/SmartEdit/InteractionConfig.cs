namespace FlexEdit.Models.SmartEdit;

/// <summary>Sizes of SmartEdit's bidirectional interaction module; the defaults are those of the published 7B and 13B models.</summary>
public sealed record InteractionConfig
{
    /// <summary>Width of the image features and of everything inside.</summary>
    public int Width { get; init; } = 1024;
    /// <summary>Attention heads; divides <see cref="Width"/> / <see cref="Downsample"/>.</summary>
    public int Heads { get; init; } = 8;
    /// <summary>Two-way layers.</summary>
    public int Depth { get; init; } = 2;
    /// <summary>Width inside the feed-forward parts.</summary>
    public int Mlp { get; init; } = 2048;
    /// <summary>By how much the cross-attentions narrow their inner width.</summary>
    public int Downsample { get; init; } = 2;
    /// <summary>Activation of the feed-forward parts.</summary>
    public string Activation { get; init; } = "relu";
    /// <summary>Image features along one side of the picture.</summary>
    public int Grid { get; init; } = 16;
    /// <summary>Width of the condition that the UNet's cross-attention reads.</summary>
    public int ConditionWidth { get; init; } = 768;
    /// <summary>Channels behind the UNet's first convolution.</summary>
    public int MapChannels { get; init; } = 320;

    /// <summary>Added to the variance in every layer norm; 1e-5 as in the original code.</summary>
    public double LayerNormEps { get; init; } = 1e-5;

    /// <summary>Checks that the sizes fit together.</summary>
    /// <exception cref="NotSupportedException">Names the entry and what it may be.</exception>
    public void Validate()
    {
        if (Downsample < 1 || Width % Downsample != 0 || Heads < 1 || Width / Downsample % Heads != 0)
            throw new NotSupportedException($"heads ({Heads}) must divide width ({Width}) / downsample ({Downsample}).");
        if (Width % 2 != 0)
            throw new NotSupportedException($"width is {Width}; positions need an even one.");
    }
}
