using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Layers;
using static TorchSharp.torch;

namespace FlexEdit.Models.Autoencoders;

/// <summary>
/// The variational autoencoder of Stable Diffusion (Rombach et al. 2022, section 3.1) under diffusers' names, so that published
/// checkpoints load unchanged, those with the older names of the attention included.
/// </summary>
public sealed class AutoencoderKL : nn.Module<Tensor, Tensor>, IAutoencoder
{
    private readonly KlEncoder encoder;
    private readonly KlDecoder decoder;
    private readonly SquareConv2d? quant_conv;
    private readonly SquareConv2d? post_quant_conv;

    /// <summary>A network with random weights: load weights into it.</summary>
    /// <param name="config">Sizes.</param>
    /// <param name="device">Where its tensors are; the meta device for shapes without memory.</param>
    public AutoencoderKL(AutoencoderKLConfig config, Device? device = null)
        : base(nameof(AutoencoderKL))
    {
        ArgumentNullException.ThrowIfNull(config);
        Config = config;
        encoder = new KlEncoder(config, device);
        decoder = new KlDecoder(config, device);
        quant_conv = config.UseQuantConv ? new SquareConv2d(2 * config.LatentChannels, 2 * config.LatentChannels, 1, device: device) : null;
        post_quant_conv = config.UsePostQuantConv ? new SquareConv2d(config.LatentChannels, config.LatentChannels, 1, device: device) : null;
        RegisterComponents();
    }

    /// <summary>The sizes of this network.</summary>
    public AutoencoderKLConfig Config { get; }

    /// <summary>
    /// How pictures larger than a square are cut; null (the default) computes them whole. Squares see neither each other's attention nor each
    /// other's norms, so the result differs a little.
    /// </summary>
    /// <exception cref="ArgumentException">The squares do not fit the network.</exception>
    public AutoencoderTiling? Tiling
    {
        get;
        set
        {
            value?.Validate(Factor);
            field = value;
        }
    }

    /// <summary>True computes the pictures of a batch one after the other, for the memory of one; the result is the same.</summary>
    public bool Slicing { get; set; }

    /// <inheritdoc/>
    public int Channels => Config.LatentChannels;

    /// <inheritdoc/>
    public int Factor => 1 << (Config.BlockOutChannels.Count - 1);

    /// <summary>Reads the weights of a published file, under today's or the older names.</summary>
    /// <param name="file">The weights.</param>
    /// <param name="prefix">Only names that begin with this are read, without it; null for the whole file.</param>
    /// <exception cref="CheckpointException">The file does not fit; lists every tensor that is missing, unexpected or wrongly shaped.</exception>
    public void Load(SafetensorsFile file, string? prefix = null) => StateDict.Load(this, file, prefix, CurrentName);

    /// <summary>q(z|x) of a batch of pictures, unscaled.</summary>
    /// <inheritdoc cref="Encode"/>
    public LatentPosterior EncodePosterior(Tensor images)
    {
        AutoencoderShapes.RequireImages(images, Factor);
        using var scope = NewDisposeScope();
        var tiled = Tiling is { } tiling && Math.Max(images.shape[2], images.shape[3]) > tiling.TileSide;
        var moments = Sliced(images, part => tiled
            ? TileBlending.Run(part, Tiling!.TileSide, Tiling.TileSide / Factor, Tiling.Overlap, Moments)
            : Moments(part));
        var halves = moments.chunk(2, 1);
        return new LatentPosterior(halves[0].MoveToOuterDisposeScope(), halves[1].clamp(-30, 20).MoveToOuterDisposeScope());
    }

    /// <summary>The pictures of unscaled latents.</summary>
    /// <param name="latents">[B, C, h, w], as <see cref="EncodePosterior"/> gives them.</param>
    /// <inheritdoc cref="Decode"/>
    public Tensor DecodeUnscaled(Tensor latents)
    {
        AutoencoderShapes.RequireLatents(latents, Channels);
        using var scope = NewDisposeScope();
        var tiled = Tiling is { } tiling && Math.Max(latents.shape[2], latents.shape[3]) > tiling.TileSide / Factor;
        return Sliced(latents, part => tiled
            ? TileBlending.Run(part, Tiling!.TileSide / Factor, Tiling.TileSide, Tiling.Overlap, Pictures)
            : Pictures(part)).MoveToOuterDisposeScope();
    }

    /// <summary>The most likely latents, (mode − shift)·scale.</summary>
    /// <inheritdoc/>
    public Tensor Encode(Tensor images)
    {
        using var scope = NewDisposeScope();
        return ((EncodePosterior(images).Mean - (Config.ShiftFactor ?? 0)) * Config.ScalingFactor).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Decode(Tensor latents)
    {
        using var scope = NewDisposeScope();
        return DecodeUnscaled((latents / Config.ScalingFactor) + (Config.ShiftFactor ?? 0)).MoveToOuterDisposeScope();
    }

    /// <summary>Encodes to the mode and decodes: [B, 3, H, W] to the same shape.</summary>
    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        return DecodeUnscaled(EncodePosterior(images).Mean).MoveToOuterDisposeScope();
    }

    private Tensor Moments(Tensor images)
    {
        using var scope = NewDisposeScope();
        var moments = encoder.forward(images);
        return (quant_conv?.call(moments) ?? moments).MoveToOuterDisposeScope();
    }

    private Tensor Pictures(Tensor latents)
    {
        using var scope = NewDisposeScope();
        return decoder.forward(post_quant_conv?.call(latents) ?? latents).MoveToOuterDisposeScope();
    }

    private Tensor Sliced(Tensor batch, Func<Tensor, Tensor> compute) =>
        Slicing && batch.shape[0] > 1 ? cat(batch.split(1).Select(compute).ToArray(), 0) : compute(batch);

    /// <summary>Today's name of a tensor; the older ones called the attention's projections query, key, value and proj_attn.</summary>
    public static string CurrentName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Contains(".attentions.", StringComparison.Ordinal)
            ? name.Replace(".query.", ".to_q.", StringComparison.Ordinal).Replace(".key.", ".to_k.", StringComparison.Ordinal)
                .Replace(".value.", ".to_v.", StringComparison.Ordinal).Replace(".proj_attn.", ".to_out.0.", StringComparison.Ordinal)
            : name;
    }
}
