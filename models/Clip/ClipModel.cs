using FlexEdit.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.Clip;

/// <summary>Sizes of both encoders, under the names and with the defaults of the published <c>CLIPConfig</c>.</summary>
public sealed record ClipConfig
{
    /// <summary>The text encoder; its own <c>projection_dim</c> does not count here.</summary>
    public required ClipTextConfig TextConfig { get; init; }
    /// <summary>The image encoder; its own <c>projection_dim</c> does not count here.</summary>
    public required ClipVisionConfig VisionConfig { get; init; }
    /// <summary>Width of the joint space.</summary>
    public int ProjectionDim { get; init; } = 512;
    /// <summary>Logarithm of the factor on the cosines before training.</summary>
    public double LogitScaleInitValue { get; init; } = 2.6592;
}

/// <summary>Both encoders and what compares them, under the names of the published <c>CLIPModel</c> (Radford et al. 2021, figure 3).</summary>
public sealed class ClipModel : nn.Module
{
    private readonly Parameter logit_scale;
    private readonly ClipTextTransformer text_model;
    private readonly ClipVisionTransformer vision_model;
    private readonly Linear visual_projection;
    private readonly Linear text_projection;

    /// <summary>Builds the network; its weights are random until they are loaded.</summary>
    public ClipModel(ClipConfig config, Device? device = null, ScalarType? dtype = null)
        : base(nameof(ClipModel))
    {
        Config = config;
        logit_scale = nn.Parameter(full([], config.LogitScaleInitValue, dtype ?? ScalarType.Float32, device));
        text_model = new ClipTextTransformer(config.TextConfig, device, dtype);
        vision_model = new ClipVisionTransformer(config.VisionConfig, device, dtype);
        visual_projection = nn.Linear(config.VisionConfig.HiddenSize, config.ProjectionDim, hasBias: false, device: device, dtype: dtype);
        text_projection = nn.Linear(config.TextConfig.HiddenSize, config.ProjectionDim, hasBias: false, device: device, dtype: dtype);
        RegisterComponents();
    }

    /// <summary>Sizes of this network.</summary>
    public ClipConfig Config { get; }

    /// <summary>Pictures as unit vectors of the joint space: [pictures, projection].</summary>
    public Tensor EmbedImages(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        return Unit(visual_projection.call(vision_model.Forward(pixels).PooledOutput)).MoveToOuterDisposeScope();
    }

    /// <summary>Texts as unit vectors of the joint space: [texts, projection].</summary>
    public Tensor EmbedTexts(Tensor ids, Tensor? attentionMask = null)
    {
        using var scope = NewDisposeScope();
        return Unit(text_projection.call(text_model.Pool(ids, text_model.Forward(ids, attentionMask)))).MoveToOuterDisposeScope();
    }

    /// <summary>Scaled cosines, [pictures, texts], of the vectors that <see cref="EmbedImages"/> and <see cref="EmbedTexts"/> give.</summary>
    public Tensor Compare(Tensor images, Tensor texts)
    {
        using var scope = NewDisposeScope();
        return (images.matmul(texts.t()) * logit_scale.exp()).MoveToOuterDisposeScope();
    }

    /// <summary>Draws the weights anew for training from nothing.</summary>
    public void Initialize() => NormalInitialization.Apply(this, Config.VisionConfig.InitializerRange);

    private static Tensor Unit(Tensor x) => x / x.norm(-1, keepdim: true, p: 2);
}
