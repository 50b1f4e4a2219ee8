using FlexEdit.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.QFormer;

/// <summary>A post-norm layer: self-attention, in some layers attention to the encoder's states, feed-forward.</summary>
internal sealed class QFormerLayer : nn.Module
{
    private readonly QFormerAttention attention;
    private readonly QFormerAttention? crossattention;
    private readonly QFormerIntermediate intermediate_query;
    private readonly QFormerOutput output_query;

    public QFormerLayer(QFormerConfig config, int index, Device? device, ScalarType? dtype)
        : base(nameof(QFormerLayer))
    {
        attention = new QFormerAttention(config, config.HiddenSize, device, dtype);
        if (index % config.CrossAttentionFrequency == 0)
            crossattention = new QFormerAttention(config, config.EncoderHiddenSize, device, dtype);
        intermediate_query = new QFormerIntermediate(config, device, dtype);
        output_query = new QFormerOutput(config, config.IntermediateSize, device, dtype);
        RegisterComponents();
    }

    public Tensor Forward(Tensor queries, Tensor encoderStates, Tensor? encoderMask)
    {
        using var scope = NewDisposeScope();
        var states = attention.Forward(queries, queries, null);
        if (crossattention is not null)
            states = crossattention.Forward(states, encoderStates, encoderMask);
        return output_query.Forward(intermediate_query.Forward(states), states).MoveToOuterDisposeScope();
    }
}

/// <summary>First half of the feed-forward part (<c>intermediate_query</c>).</summary>
internal sealed class QFormerIntermediate : nn.Module
{
    private readonly Linear dense;
    private readonly Func<Tensor, Tensor> _activation;

    public QFormerIntermediate(QFormerConfig config, Device? device, ScalarType? dtype)
        : base(nameof(QFormerIntermediate))
    {
        _activation = Activation.Named(config.HiddenAct);
        dense = nn.Linear(config.HiddenSize, config.IntermediateSize, device: device, dtype: dtype);
        RegisterComponents();
    }

    public Tensor Forward(Tensor states) => _activation(dense.call(states));
}

/// <summary>The stack of layers (<c>encoder</c>).</summary>
internal sealed class QFormerEncoder : nn.Module
{
    private readonly ModuleList<QFormerLayer> layer;

    public QFormerEncoder(QFormerConfig config, Device? device, ScalarType? dtype)
        : base(nameof(QFormerEncoder))
    {
        layer = nn.ModuleList(Enumerable.Range(0, config.NumHiddenLayers).Select(i => new QFormerLayer(config, i, device, dtype)).ToArray());
        RegisterComponents();
    }

    public Tensor Forward(Tensor queries, Tensor encoderStates, Tensor? encoderMask)
    {
        foreach (var one in layer)
            queries = one.Forward(queries, encoderStates, encoderMask);
        return queries;
    }
}
