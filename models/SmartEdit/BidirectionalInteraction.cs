using FlexEdit.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.SmartEdit;

/// <summary>What the interaction module gives.</summary>
/// <param name="Condition">The refined condition, [batch, tokens, condition width].</param>
/// <param name="FeatureMap">What is added behind the UNet's first convolution, [batch, map channels, latent rows, latent columns].</param>
/// <param name="Tokens">The condition's tokens inside of the module, [batch, tokens, width].</param>
/// <param name="Image">The image features inside of the module, [batch, grid², width].</param>
public sealed record Interaction(Tensor Condition, Tensor FeatureMap, Tensor Tokens, Tensor Image);

/// <summary>
/// SmartEdit's bidirectional interaction module (Huang et al. 2024, section 3.2) in its published key layout: the condition and the picture's
/// features look at each other, the condition is refined, and the features go into the UNet as a map.
/// </summary>
public sealed class BidirectionalInteraction : nn.Module
{
    private readonly Linear modulate_head;
    private readonly RandomFourierPositions pe_layer;
    private readonly TwoWayTransformer modulate_transformer;
    private readonly Linear dimension_reduction_head_qformer_out;
    private readonly SquareConv2d dimension_reduction_head_zeroconv;

    /// <summary>Builds the module; its weights are random until they are loaded.</summary>
    /// <exception cref="NotSupportedException">The sizes do not fit together.</exception>
    public BidirectionalInteraction(InteractionConfig config, Device? device = null)
        : base(nameof(BidirectionalInteraction))
    {
        config.Validate();
        Config = config;
        modulate_head = nn.Linear(config.ConditionWidth, config.Width, device: device);
        pe_layer = new RandomFourierPositions(config.Width, device);
        modulate_transformer = new TwoWayTransformer(config, device);
        dimension_reduction_head_qformer_out = nn.Linear(config.Width, config.ConditionWidth, device: device);
        dimension_reduction_head_zeroconv = new SquareConv2d(config.Width, config.MapChannels, 1, device: device);
        RegisterComponents();
    }

    /// <summary>The sizes.</summary>
    public InteractionConfig Config { get; }

    /// <summary>Positions of the image features: [width, grid, grid].</summary>
    public Tensor Positions() => pe_layer.Forward(Config.Grid, Config.Grid);

    /// <summary>Lets condition and picture look at each other.</summary>
    /// <param name="condition">What the Q-Former gives, [batch, tokens, condition width].</param>
    /// <param name="imageFeatures">The CLIP patches in front of the projector, without class token, row by row: [batch, grid², width].</param>
    /// <param name="latentRows">Rows of the UNet's latents.</param>
    /// <param name="latentColumns">Columns of the UNet's latents.</param>
    /// <exception cref="ArgumentException">The features are not those of the module's grid.</exception>
    public Interaction Forward(Tensor condition, Tensor imageFeatures, long latentRows, long latentColumns)
    {
        var grid = Config.Grid;
        if (imageFeatures.dim() != 3 || imageFeatures.shape[1] != grid * grid || imageFeatures.shape[2] != Config.Width)
            throw new ArgumentException($"Image features must be [batch, {grid * grid}, {Config.Width}], not [{string.Join(", ", imageFeatures.shape)}].", nameof(imageFeatures));
        using var scope = NewDisposeScope();
        var positions = Positions().flatten(1).transpose(0, 1);
        var (tokens, image) = modulate_transformer.Forward(modulate_head.call(condition), imageFeatures, positions);
        var refined = condition + (dimension_reduction_head_qformer_out.call(tokens) * 0.5);
        var map = image.transpose(1, 2).reshape(image.shape[0], Config.Width, grid, grid);
        var resized = nn.functional.interpolate(map, [latentRows, latentColumns], mode: InterpolationMode.Bilinear, align_corners: false);
        return new Interaction(
            refined.MoveToOuterDisposeScope(), dimension_reduction_head_zeroconv.call(resized).MoveToOuterDisposeScope(),
            tokens.MoveToOuterDisposeScope(), image.MoveToOuterDisposeScope());
    }
}
