using FlexEdit.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.QFormer;

/// <summary>Attention with its output (<c>attention</c>, <c>crossattention</c>): two named parts, as in BERT.</summary>
internal sealed class QFormerAttention : nn.Module
{
    private readonly QFormerProjections attention;
    private readonly QFormerOutput output;

    public QFormerAttention(QFormerConfig config, int keyWidth, Device? device, ScalarType? dtype)
        : base(nameof(QFormerAttention))
    {
        attention = new QFormerProjections(config, keyWidth, device, dtype);
        output = new QFormerOutput(config, config.HiddenSize, device, dtype);
        RegisterComponents();
    }

    /// <summary>[batch, queries, width] looks at [batch, keys, key width]; <paramref name="mask"/> is true where it may.</summary>
    public Tensor Forward(Tensor queries, Tensor keys, Tensor? mask) =>
        output.Forward(attention.Forward(queries, keys, mask), queries);
}

/// <summary>Query, key and value projections and the attention over them.</summary>
internal sealed class QFormerProjections : nn.Module
{
    private readonly Linear query;
    private readonly Linear key;
    private readonly Linear value;
    private readonly int _heads;
    private readonly double _dropout;

    public QFormerProjections(QFormerConfig config, int keyWidth, Device? device, ScalarType? dtype)
        : base(nameof(QFormerProjections))
    {
        _heads = config.NumAttentionHeads;
        _dropout = config.AttentionProbsDropoutProb;
        query = nn.Linear(config.HiddenSize, config.HiddenSize, device: device, dtype: dtype);
        key = nn.Linear(keyWidth, config.HiddenSize, device: device, dtype: dtype);
        value = nn.Linear(keyWidth, config.HiddenSize, device: device, dtype: dtype);
        RegisterComponents();
    }

    public Tensor Forward(Tensor queries, Tensor keys, Tensor? mask) =>
        MultiHeadAttention.Attend(query.call(queries), key.call(keys), value.call(keys), _heads, mask, dropout: training ? _dropout : 0);
}

/// <summary>Projection, dropout, residual and norm after a sublayer.</summary>
internal sealed class QFormerOutput : nn.Module
{
    private readonly Linear dense;
    private readonly LayerNorm LayerNorm;
    private readonly double _dropout;

    public QFormerOutput(QFormerConfig config, int width, Device? device, ScalarType? dtype)
        : base(nameof(QFormerOutput))
    {
        _dropout = config.HiddenDropoutProb;
        dense = nn.Linear(width, config.HiddenSize, device: device, dtype: dtype);
        LayerNorm = nn.LayerNorm(config.HiddenSize, config.LayerNormEps, device: device, dtype: dtype);
        RegisterComponents();
    }

    public Tensor Forward(Tensor states, Tensor residual) =>
        LayerNorm.call(nn.functional.dropout(dense.call(states), _dropout, training) + residual);
}
