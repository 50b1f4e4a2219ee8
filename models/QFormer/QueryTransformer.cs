using FlexEdit.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.QFormer;

/// <summary>
/// A Q-Former with its learned queries, named as in BLIP-2's checkpoints (<c>query_tokens</c>, <c>qformer</c>): turns the language model's states
/// of the image tokens into the edit embedding e (eq. 1 of the FlexEdit paper).
/// </summary>
public sealed class QueryTransformer : nn.Module
{
    private readonly Parameter query_tokens;
    private readonly QFormerModel qformer;

    /// <summary>Builds the network with <paramref name="queries"/> queries; its weights are random until they are loaded.</summary>
    public QueryTransformer(QFormerConfig config, int queries, Device? device = null, ScalarType? dtype = null)
        : base(nameof(QueryTransformer))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(queries, 1);
        // Equal queries would stay equal for ever: they must differ before training.
        query_tokens = NormalInitialization.Parameter([1, queries, config.HiddenSize], config.InitializerRange, device, dtype);
        qformer = new QFormerModel(config, device, dtype);
        RegisterComponents();
    }

    /// <summary>Sizes of the Q-Former.</summary>
    public QFormerConfig Config => qformer.Config;

    /// <summary>Number of queries, the tokens of the embedding.</summary>
    public long Queries => query_tokens.shape[1];

    /// <summary>The edit embedding, [batch, queries, width], from states [batch, keys, encoder width]; see <see cref="QFormerModel.Forward"/>.</summary>
    public Tensor Forward(Tensor encoderStates, Tensor? encoderMask = null) =>
        qformer.Forward(query_tokens, encoderStates, encoderMask);

    /// <summary>Draws the weights anew for training from nothing.</summary>
    public void Initialize()
    {
        qformer.Initialize();
        using var noGrad = no_grad();
        query_tokens.normal_(0, Config.InitializerRange);
    }
}
