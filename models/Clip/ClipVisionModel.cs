using FlexEdit.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.Clip;

/// <summary>A CLIP image encoder under the names of the published <c>CLIPVisionModel</c>.</summary>
public sealed class ClipVisionModel : nn.Module
{
    private readonly ClipVisionTransformer vision_model;

    /// <summary>Builds the network; its weights are random until they are loaded.</summary>
    public ClipVisionModel(ClipVisionConfig config, Device? device = null, ScalarType? dtype = null)
        : base(nameof(ClipVisionModel))
    {
        Config = config;
        vision_model = new ClipVisionTransformer(config, device, dtype);
        RegisterComponents();
    }

    /// <summary>Sizes of this network.</summary>
    public ClipVisionConfig Config { get; }

    /// <inheritdoc cref="ClipVisionTransformer.Forward"/>
    public ClipVisionOutput Forward(Tensor pixels) => vision_model.Forward(pixels);

    /// <inheritdoc cref="ClipVisionTransformer.HiddenState"/>
    public Tensor HiddenState(Tensor pixels, int hiddenState) => vision_model.HiddenState(pixels, hiddenState);

    /// <summary>Draws the weights anew for training from nothing.</summary>
    public void Initialize()
    {
        NormalInitialization.Apply(this, Config.InitializerRange);
        vision_model.ClearStem();
    }
}

/// <summary>A CLIP image encoder with its projection to the joint space, under the names of the published <c>CLIPVisionModelWithProjection</c>.</summary>
public sealed class ClipVisionModelWithProjection : nn.Module
{
    private readonly ClipVisionTransformer vision_model;
    private readonly Linear visual_projection;

    /// <summary>Builds the network; its weights are random until they are loaded.</summary>
    public ClipVisionModelWithProjection(ClipVisionConfig config, Device? device = null, ScalarType? dtype = null)
        : base(nameof(ClipVisionModelWithProjection))
    {
        Config = config;
        vision_model = new ClipVisionTransformer(config, device, dtype);
        visual_projection = nn.Linear(config.HiddenSize, config.ProjectionDim, hasBias: false, device: device, dtype: dtype);
        RegisterComponents();
    }

    /// <summary>Sizes of this network.</summary>
    public ClipVisionConfig Config { get; }

    /// <inheritdoc cref="ClipVisionTransformer.HiddenState"/>
    public Tensor HiddenState(Tensor pixels, int hiddenState) => vision_model.HiddenState(pixels, hiddenState);

    /// <summary>The picture in the joint space, not normalised: [batch, projection].</summary>
    public Tensor Embed(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        return Project(vision_model.Forward(pixels).LastHiddenState).MoveToOuterDisposeScope();
    }

    /// <summary>The joint-space vector of pictures whose last hidden state is at hand: [batch, projection].</summary>
    public Tensor Project(Tensor lastHiddenState)
    {
        using var scope = NewDisposeScope();
        return visual_projection.call(vision_model.Pool(lastHiddenState)).MoveToOuterDisposeScope();
    }

    /// <summary>Draws the weights anew for training from nothing.</summary>
    public void Initialize()
    {
        NormalInitialization.Apply(this, Config.InitializerRange);
        vision_model.ClearStem();
    }
}
