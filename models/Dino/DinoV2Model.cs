using FlexEdit.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.Dino;

/// <summary>A DINOv2 image encoder (Oquab et al. 2023) under the names of the published <c>Dinov2Model</c>.</summary>
public sealed class DinoV2Model : nn.Module
{
    private readonly DinoV2Embeddings embeddings;
    private readonly DinoV2Encoder encoder;
    private readonly LayerNorm layernorm;

    /// <summary>Builds the network; its weights are random until they are loaded.</summary>
    /// <exception cref="NotSupportedException">The configuration's entries do not fit together, or ask for what is not built.</exception>
    public DinoV2Model(DinoV2Config config, Device? device = null, ScalarType? dtype = null)
        : base(nameof(DinoV2Model))
    {
        config.Validate();
        Config = config;
        embeddings = new DinoV2Embeddings(config, device, dtype);
        encoder = new DinoV2Encoder(config, device, dtype);
        layernorm = nn.LayerNorm(config.HiddenSize, config.LayerNormEps, device: device, dtype: dtype);
        RegisterComponents();
    }

    /// <summary>Sizes of this network.</summary>
    public DinoV2Config Config { get; }

    /// <summary>The last hidden state after the final norm: class token, then patches row by row. Its first row is the published <c>pooler_output</c>.</summary>
    /// <param name="pixels">[batch, channels, H, W], normalised; sides are multiples of <see cref="DinoV2Config.PatchSize"/>.</param>
    /// <returns>[batch, 1 + patches, width].</returns>
    /// <exception cref="ArgumentException">The pictures have another number of channels or other sides.</exception>
    public Tensor Forward(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        return layernorm.call(encoder.Forward(embeddings.Forward(pixels))).MoveToOuterDisposeScope();
    }

    /// <summary>One vector for each picture, the normed class token: [batch, width].</summary>
    /// <inheritdoc cref="Forward"/>
    public Tensor Pooled(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        return Forward(pixels)[.., 0].MoveToOuterDisposeScope();
    }

    /// <summary>Draws the weights anew for training from nothing.</summary>
    public void Initialize() => NormalInitialization.Apply(this, Config.InitializerRange);
}

/// <summary>The stack of layers (<c>encoder</c>).</summary>
internal sealed class DinoV2Encoder : nn.Module
{
    private readonly ModuleList<DinoV2Layer> layer;

    public DinoV2Encoder(DinoV2Config config, Device? device, ScalarType? dtype)
        : base(nameof(DinoV2Encoder))
    {
        layer = nn.ModuleList(Enumerable.Range(0, config.NumHiddenLayers).Select(_ => new DinoV2Layer(config, device, dtype)).ToArray());
        RegisterComponents();
    }

    public Tensor Forward(Tensor states)
    {
        using var scope = NewDisposeScope();
        foreach (var one in layer)
            states = one.Forward(states);
        return states.MoveToOuterDisposeScope();
    }
}
