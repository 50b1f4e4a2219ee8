using System.Text.Json;

namespace FlexEdit.Models.Llama;

/// <summary>Sizes of a LLaMA language model, under the names and with the defaults of the published <c>LlamaConfig</c>.</summary>
public sealed record LlamaConfig
{
    /// <summary>Rows of the embedding table.</summary>
    public int VocabSize { get; init; } = 32000;
    /// <summary>Width of the hidden states.</summary>
    public int HiddenSize { get; init; } = 4096;
    /// <summary>Width inside the feed-forward part.</summary>
    public int IntermediateSize { get; init; } = 11008;
    /// <summary>Number of layers.</summary>
    public int NumHiddenLayers { get; init; } = 32;
    /// <summary>Number of query heads.</summary>
    public int NumAttentionHeads { get; init; } = 32;
    /// <summary>Number of key and value heads; null for as many as query heads. Divides <see cref="NumAttentionHeads"/>.</summary>
    public int? NumKeyValueHeads { get; init; }
    /// <summary>Width of one head; null for <see cref="HiddenSize"/> / <see cref="NumAttentionHeads"/>.</summary>
    public int? HeadDim { get; init; }
    /// <summary>Activation of the gated feed-forward part.</summary>
    public string HiddenAct { get; init; } = "silu";
    /// <summary>Longest sequence that the network was trained on.</summary>
    public int MaxPositionEmbeddings { get; init; } = 2048;
    /// <summary>Added to the mean square in every norm.</summary>
    public double RmsNormEps { get; init; } = 1e-6;
    /// <summary>Base of the rotary frequencies.</summary>
    public double RopeTheta { get; init; } = 10000;
    /// <summary>Rescaled rotary frequencies; only null (none) is supported.</summary>
    public JsonElement? RopeScaling { get; init; }
    /// <summary>The attention's projections have biases.</summary>
    public bool AttentionBias { get; init; }
    /// <summary>The feed-forward part's projections have biases.</summary>
    public bool MlpBias { get; init; }
    /// <summary>The output projection is the embedding table itself; a checkpoint may repeat it as <c>lm_head.weight</c> or leave it out.</summary>
    public bool TieWordEmbeddings { get; init; }
    /// <summary>Standard deviation of the weights before training.</summary>
    public double InitializerRange { get; init; } = 0.02;

    /// <summary>Number of key and value heads.</summary>
    public int KeyValueHeads() => NumKeyValueHeads ?? NumAttentionHeads;

    /// <summary>Width of one head.</summary>
    public int HeadWidth() => HeadDim ?? HiddenSize / NumAttentionHeads;

    /// <summary>Checks that the sizes fit together.</summary>
    /// <exception cref="NotSupportedException">Names the entry and what it may be.</exception>
    public void Validate()
    {
        if (RopeScaling is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) })
            throw new NotSupportedException($"rope_scaling is {RopeScaling}; only null is supported.");
        if (KeyValueHeads() < 1 || NumAttentionHeads % KeyValueHeads() != 0)
            throw new NotSupportedException($"num_key_value_heads is {KeyValueHeads()}; it must divide num_attention_heads ({NumAttentionHeads}).");
        if (HeadDim is null && HiddenSize % NumAttentionHeads != 0)
            throw new NotSupportedException($"num_attention_heads is {NumAttentionHeads}; it must divide hidden_size ({HiddenSize}).");
        if (HeadWidth() % 2 != 0)
            throw new NotSupportedException($"The width of a head is {HeadWidth()}; rotary positions need an even one.");
    }
}
