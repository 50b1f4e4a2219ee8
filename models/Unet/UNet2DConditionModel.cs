using FlexEdit.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.Unet;

/// <summary>
/// The denoising network of Stable Diffusion and InstructPix2Pix (Ronneberger et al. 2015; Rombach et al. 2022, section 3.3) with the module
/// names of diffusers' <c>UNet2DConditionModel</c>, so that published weights load by their own names.
/// Every row of a batch has its own time step and its own keys and values.
/// </summary>
public sealed class UNet2DConditionModel : nn.Module<Tensor, Tensor, Tensor, Tensor>
{
    private readonly SquareConv2d conv_in;
    private readonly TimestepEmbedding time_embedding;
    private readonly ModuleList<DownBlock2D> down_blocks;
    private readonly MidBlock2D mid_block;
    private readonly ModuleList<UpBlock2D> up_blocks;
    private readonly GroupNorm conv_norm_out;
    private readonly SquareConv2d conv_out;

    /// <summary>Makes the network.</summary>
    /// <param name="config">Its sizes.</param>
    /// <param name="device">Where the weights live; <c>meta</c> makes only names and shapes.</param>
    /// <exception cref="NotSupportedException">The configuration asks for something that is not built.</exception>
    public UNet2DConditionModel(UNet2DConditionConfig config, Device? device = null) : base(nameof(UNet2DConditionModel))
    {
        config.Validate();
        Config = config;
        var widths = config.BlockOutChannels;
        var timeWidth = 4 * widths[0];
        conv_in = new SquareConv2d(config.InChannels, widths[0], config.ConvInKernel, padding: config.ConvInKernel / 2, device: device);
        time_embedding = new TimestepEmbedding(widths[0], timeWidth, device);
        var levels = Enumerable.Range(0, config.Levels).ToArray();
        down_blocks = nn.ModuleList(levels.Select(level => new DownBlock2D(level, widths[Math.Max(level - 1, 0)], timeWidth, config, device)).ToArray());
        mid_block = new MidBlock2D(timeWidth, config, device);
        up_blocks = nn.ModuleList(levels.Select(i => new UpBlock2D(config.Levels - 1 - i, timeWidth, config, device)).ToArray());
        conv_norm_out = Norms.Group(config.NormNumGroups, widths[0], config.NormEps, device);
        conv_out = new SquareConv2d(widths[0], config.OutChannels, config.ConvOutKernel, padding: config.ConvOutKernel / 2, device: device);
        RegisterComponents();

        CrossAttentions =
        [
            .. down_blocks.SelectMany(block => block.CrossAttentions),
            .. mid_block.CrossAttentions,
            .. up_blocks.SelectMany(block => block.CrossAttentions),
        ];
        for (var i = 0; i < CrossAttentions.Count; i++)
            CrossAttentions[i].Layer = i;
    }

    /// <summary>The network's sizes.</summary>
    public UNet2DConditionConfig Config { get; }

    /// <summary>The cross-attentions (<c>attn2</c>) in the order in which they run: down, middle, up.</summary>
    public IReadOnlyList<Attention> CrossAttentions { get; }

    /// <summary>
    /// The cross-attentions in the order in which a diffusers network registers them, which numbers the keys of published adapters: down, up, middle.
    /// </summary>
    public IReadOnlyList<Attention> CrossAttentionsAsRegistered =>
    [
        .. down_blocks.SelectMany(block => block.CrossAttentions),
        .. up_blocks.SelectMany(block => block.CrossAttentions),
        .. mid_block.CrossAttentions,
    ];

    /// <summary>
    /// Adds the subject branch to every cross-attention (FlexEdit eq. 7). With its own weights, they are named
    /// <c>….attn2.processor.to_k_ip.0.weight</c> and <c>….to_v_ip.0.weight</c>, and an optimiser made before does not know them.
    /// </summary>
    /// <param name="subjectDim">Width of the subject states.</param>
    /// <param name="sharedWeights">True to use <c>to_k</c> and <c>to_v</c> for both branches, as eq. 7 is written.</param>
    /// <exception cref="InvalidOperationException">It is enabled already.</exception>
    /// <exception cref="ArgumentException">Weights are to be shared, but the widths differ.</exception>
    public void EnableDecoupledAttention(int subjectDim, bool sharedWeights)
    {
        foreach (var attention in CrossAttentions)
            attention.EnableDecoupled(subjectDim, sharedWeights);
    }

    /// <summary>Projects the states that each cross-attention looks at to its keys and values, once for all steps.</summary>
    /// <param name="states">f1 for each of <see cref="CrossAttentions"/>: [batch, tokens, its context width].</param>
    /// <param name="subject">f2 for each of them, [batch, subject tokens, subject width], or null. Needs <see cref="EnableDecoupledAttention"/>.</param>
    /// <param name="subjectScale">λ of every row, [batch]; null for one everywhere.</param>
    /// <exception cref="ArgumentException">There is not one tensor for each cross-attention.</exception>
    public CrossAttentionCache PrepareKeysValues(IReadOnlyList<Tensor> states, IReadOnlyList<Tensor>? subject = null, Tensor? subjectScale = null)
    {
        if (states.Count != CrossAttentions.Count || (subject is not null && subject.Count != CrossAttentions.Count))
            throw new ArgumentException($"The network has {CrossAttentions.Count} cross-attentions, but states of {states.Count} and a subject of {subject?.Count ?? states.Count} were given.", nameof(states));
        var layers = CrossAttentions.Select((attention, i) => attention.Project(states[i], subject?[i])).ToArray();
        // A copy, so that disposing of the cache leaves the caller's tensor alone.
        return new CrossAttentionCache(layers, subject is null ? null : subjectScale?.clone());
    }

    /// <summary>Projects the same states for every cross-attention; see the other form.</summary>
    public CrossAttentionCache PrepareKeysValues(Tensor states, Tensor? subject = null, Tensor? subjectScale = null) =>
        PrepareKeysValues(
            [.. Enumerable.Repeat(states, CrossAttentions.Count)],
            subject is null ? null : [.. Enumerable.Repeat(subject, CrossAttentions.Count)],
            subjectScale);

    /// <summary>Predicts for a batch, with the same states for every cross-attention.</summary>
    /// <param name="sample">[batch, in channels, height, width].</param>
    /// <param name="timesteps">[batch], whole or fractional; one value serves all rows.</param>
    /// <param name="encoderHiddenStates">[batch, tokens, context width].</param>
    /// <returns>[batch, out channels, height, width] in the sample's type.</returns>
    public override Tensor forward(Tensor sample, Tensor timesteps, Tensor encoderHiddenStates)
    {
        using var scope = NewDisposeScope();
        return forward(sample, timesteps, PrepareKeysValues(encoderHiddenStates)).MoveToOuterDisposeScope();
    }

    /// <summary>Predicts for a batch from prepared keys and values.</summary>
    /// <param name="sample">[batch, in channels, height, width]; converted to the weights' type.</param>
    /// <param name="timesteps">[batch], whole or fractional; one value serves all rows.</param>
    /// <param name="cache">Keys and values of as many rows.</param>
    /// <param name="addedAfterFirst">[batch, first width, height, width], added behind the first convolution (SmartEdit's feature map); null for nothing.</param>
    /// <returns>[batch, out channels, height, width] in the sample's type.</returns>
    public Tensor forward(Tensor sample, Tensor timesteps, CrossAttentionCache cache, Tensor? addedAfterFirst = null)
    {
        using var scope = NewDisposeScope();
        var type = conv_in.Weight.dtype;
        var waves = TimestepEmbedding.Waves(timesteps.reshape(-1).expand(sample.shape[0]), Config.BlockOutChannels[0], Config.FlipSinToCos, Config.FreqShift);
        var time = nn.functional.silu(time_embedding.forward(waves.to(type)));

        var hidden = conv_in.call(Config.CenterInputSample ? sample.to(type) * 2 - 1 : sample.to(type));
        if (addedAfterFirst is not null)
            hidden += addedAfterFirst.to(type);
        var skips = new Stack<Tensor>([hidden]);
        foreach (var block in down_blocks)
            hidden = block.forward(hidden, time, cache, skips);
        hidden = mid_block.forward(hidden, time, cache);
        foreach (var block in up_blocks)
            hidden = block.forward(hidden, time, cache, skips);
        hidden = conv_out.call(nn.functional.silu(conv_norm_out.forward(hidden)));
        return hidden.to(sample.dtype).MoveToOuterDisposeScope();
    }
}
