using FlexEdit.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.Adapters;

/// <summary>One block of the Mask Enhanced Adapter: the edit embedding asks the scene's features for detail (FlexEdit eq. 6).</summary>
public sealed class AdapterBlock : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly Linear to_q;
    private readonly Linear to_k;
    private readonly Linear to_v;
    private readonly Linear? to_out;
    private readonly LayerNorm? norm;
    private readonly Linear? subject_proj;
    private readonly int _heads;

    /// <summary>Makes the block.</summary>
    public AdapterBlock(MaskEnhancedAdapterConfig config, Device? device) : base(nameof(AdapterBlock))
    {
        _heads = config.Heads;
        to_q = nn.Linear(config.EmbeddingDim, config.EmbeddingDim, hasBias: false, device: device);
        to_k = nn.Linear(config.VisionDim, config.EmbeddingDim, hasBias: false, device: device);
        to_v = nn.Linear(config.VisionDim, config.EmbeddingDim, hasBias: false, device: device);
        if (config.Residual)
        {
            to_out = nn.Linear(config.EmbeddingDim, config.EmbeddingDim, device: device);
            norm = nn.LayerNorm(config.EmbeddingDim, device: device);
        }
        if (config.SubjectProjectionPerLayer)
            subject_proj = nn.Linear(config.VisionDim, config.SubjectDim, device: device);
        RegisterComponents();
    }

    /// <summary>This block's own layer for the subject; null where the blocks share one.</summary>
    internal Linear? SubjectProjection => subject_proj;

    /// <summary>Asks the scene.</summary>
    /// <param name="query">c, [batch, tokens, D]: the block before's result, or the edit embedding.</param>
    /// <param name="scene">x1, [batch, patches, V].</param>
    /// <returns>[batch, tokens, D]: f1 itself, or normalised together with the query; see <see cref="MaskEnhancedAdapterConfig.Residual"/>.</returns>
    public override Tensor forward(Tensor query, Tensor scene)
    {
        using var scope = NewDisposeScope();
        var detail = MultiHeadAttention.Attend(to_q.forward(query), to_k.forward(scene), to_v.forward(scene), _heads);
        var result = to_out is null || norm is null ? detail : norm.forward(query + to_out.forward(detail));
        return result.MoveToOuterDisposeScope();
    }
}
