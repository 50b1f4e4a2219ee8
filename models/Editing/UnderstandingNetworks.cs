using FlexEdit.Models.Llava;
using FlexEdit.Models.QFormer;
using static TorchSharp.torch;

namespace FlexEdit.Models.Editing;

/// <summary>The reading half of FlexEdit: vision-language model, Q-Former (eq. 1) and the head that predicts the whole object's mask.</summary>
public sealed class UnderstandingNetworks : nn.Module
{
    private readonly LlavaForConditionalGeneration vllm;
    private readonly QueryTransformer qformer;
    private readonly MaskHead mask_head;

    /// <summary>Builds the networks with random weights.</summary>
    public UnderstandingNetworks(UnderstandingConfig config)
        : base(nameof(UnderstandingNetworks))
    {
        Config = config;
        vllm = new LlavaForConditionalGeneration(config.Llava);
        qformer = new QueryTransformer(config.Qformer, config.EmbeddingTokens);
        var vision = config.Llava.VisionConfig;
        mask_head = new MaskHead(config.Llava.TextConfig.HiddenSize, vision.ImageSize / vision.PatchSize, config.Resolution);
        RegisterComponents();
    }

    /// <summary>Sizes.</summary>
    public UnderstandingConfig Config { get; }

    /// <summary>V(·; ω) of eq. 1.</summary>
    public LlavaForConditionalGeneration Vllm => vllm;

    /// <summary>Q of eq. 1.</summary>
    public QueryTransformer QFormer => qformer;

    /// <summary>Predicts the mask of the whole object.</summary>
    public MaskHead MaskHead => mask_head;
}
