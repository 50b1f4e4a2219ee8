using FlexEdit.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.Clip;

/// <summary>A CLIP text encoder under the names of the published <c>CLIPTextModel</c>, as Stable Diffusion uses it.</summary>
public sealed class ClipTextModel : nn.Module
{
    private readonly ClipTextTransformer text_model;

    /// <summary>Builds the network; its weights are random until they are loaded.</summary>
    public ClipTextModel(ClipTextConfig config, Device? device = null, ScalarType? dtype = null)
        : base(nameof(ClipTextModel))
    {
        Config = config;
        text_model = new ClipTextTransformer(config, device, dtype);
        RegisterComponents();
    }

    /// <summary>Sizes of this network.</summary>
    public ClipTextConfig Config { get; }

    /// <inheritdoc cref="ClipTextTransformer.Forward"/>
    public Tensor Forward(Tensor ids, Tensor? attentionMask = null) => text_model.Forward(ids, attentionMask);

    /// <inheritdoc cref="ClipTextTransformer.HiddenState"/>
    public Tensor HiddenState(Tensor ids, int hiddenState, Tensor? attentionMask = null) => text_model.HiddenState(ids, hiddenState, attentionMask);

    /// <summary>The state at the end of each text: [batch, width].</summary>
    public Tensor Pooled(Tensor ids, Tensor? attentionMask = null)
    {
        using var scope = NewDisposeScope();
        return text_model.Pool(ids, text_model.Forward(ids, attentionMask)).MoveToOuterDisposeScope();
    }

    /// <summary>Draws the weights anew for training from nothing.</summary>
    public void Initialize() => NormalInitialization.Apply(this, Config.InitializerRange);
}

/// <summary>A CLIP text encoder with its projection to the joint space, under the names of the published <c>CLIPTextModelWithProjection</c>.</summary>
public sealed class ClipTextModelWithProjection : nn.Module
{
    private readonly ClipTextTransformer text_model;
    private readonly Linear text_projection;

    /// <summary>Builds the network; its weights are random until they are loaded.</summary>
    public ClipTextModelWithProjection(ClipTextConfig config, Device? device = null, ScalarType? dtype = null)
        : base(nameof(ClipTextModelWithProjection))
    {
        Config = config;
        text_model = new ClipTextTransformer(config, device, dtype);
        text_projection = nn.Linear(config.HiddenSize, config.ProjectionDim, hasBias: false, device: device, dtype: dtype);
        RegisterComponents();
    }

    /// <summary>Sizes of this network.</summary>
    public ClipTextConfig Config { get; }

    /// <inheritdoc cref="ClipTextTransformer.Forward"/>
    public Tensor Forward(Tensor ids, Tensor? attentionMask = null) => text_model.Forward(ids, attentionMask);

    /// <inheritdoc cref="ClipTextTransformer.HiddenState"/>
    public Tensor HiddenState(Tensor ids, int hiddenState, Tensor? attentionMask = null) => text_model.HiddenState(ids, hiddenState, attentionMask);

    /// <summary>The text in the joint space, not normalised: [batch, projection].</summary>
    public Tensor Embed(Tensor ids, Tensor? attentionMask = null)
    {
        using var scope = NewDisposeScope();
        return text_projection.call(text_model.Pool(ids, text_model.Forward(ids, attentionMask))).MoveToOuterDisposeScope();
    }

    /// <summary>Draws the weights anew for training from nothing.</summary>
    public void Initialize() => NormalInitialization.Apply(this, Config.InitializerRange);
}
