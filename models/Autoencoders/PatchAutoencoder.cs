using static TorchSharp.torch;

namespace FlexEdit.Models.Autoencoders;

/// <summary>
/// An autoencoder for a small world: a linear code of 8x8 patches with unit variance per channel, and convolutional
/// corrections that start at zero, so that training can only improve on the code. Names in a file:
/// <c>encoder.linear.*</c>, <c>decoder.linear.*</c>, and <c>conv_in</c>, <c>blocks.N.conv1</c>, <c>conv_up</c>, <c>conv_merge</c>,
/// <c>pixel_blocks.N.conv1</c>, <c>conv_out</c> of the corrections. Works in float32 and bfloat16 (<c>to(dtype)</c>).
/// </summary>
public sealed class PatchAutoencoder : nn.Module<Tensor, Tensor>, IAutoencoder
{
    private readonly PatchEncoder encoder;
    private readonly PatchDecoder decoder;

    /// <summary>A network with random linear maps: load weights into it, or use <see cref="FromLinearCode"/>.</summary>
    public PatchAutoencoder(PatchAutoencoderConfig config)
        : base(nameof(PatchAutoencoder))
    {
        ArgumentNullException.ThrowIfNull(config);
        Config = config;
        encoder = new PatchEncoder(config);
        decoder = new PatchDecoder(config);
        RegisterComponents();
    }

    /// <summary>The sizes of this network.</summary>
    public PatchAutoencoderConfig Config { get; }

    /// <summary>The half that turns pictures into latents. Once latents are cached its parameters must stay as they are.</summary>
    public PatchEncoder Encoder => encoder;

    /// <summary>The half that turns latents into pictures.</summary>
    public PatchDecoder Decoder => decoder;

    /// <inheritdoc/>
    public int Channels => Config.LatentChannels;

    /// <inheritdoc/>
    public int Factor => LinearPatchCode.PatchSide;

    /// <inheritdoc/>
    public Tensor Encode(Tensor images)
    {
        AutoencoderShapes.RequireImages(images, Factor);
        return encoder.forward(images);
    }

    /// <inheritdoc/>
    public Tensor Decode(Tensor latents)
    {
        AutoencoderShapes.RequireLatents(latents, Channels);
        return decoder.forward(latents);
    }

    /// <summary>Encodes and decodes: [B, 3, H, W] to the same shape.</summary>
    public override Tensor forward(Tensor images)
    {
        using var latents = Encode(images);
        return Decode(latents);
    }

    /// <summary>
    /// Finds the principal components of all 8x8 patches of <paramref name="batches"/>, in float64 on the processor. The batches
    /// stay the caller's; the code's tensors belong to the caller's dispose scope. Some hundred pictures are enough.
    /// </summary>
    /// <param name="batches">Pictures [B, 3, H, W] in [-1, 1], sides multiples of 8.</param>
    /// <param name="channels">Components to keep, 1 to 192.</param>
    /// <exception cref="ArgumentException">A batch of another shape, or fewer than two patches.</exception>
    public static LinearPatchCode FitLinearCode(IEnumerable<Tensor> batches, int channels)
    {
        ArgumentNullException.ThrowIfNull(batches);
        return LinearPatchCode.Fit(batches, channels);
    }

    /// <summary>
    /// A float32 network that computes exactly the linear code, each channel divided by its standard deviation.
    /// </summary>
    /// <param name="code">Components of the pictures to be coded.</param>
    /// <param name="config">Sizes; its channels must be the code's. Defaults with the code's channels where null.</param>
    /// <exception cref="ArgumentException">The channels differ.</exception>
    public static PatchAutoencoder FromLinearCode(LinearPatchCode code, PatchAutoencoderConfig? config = null)
    {
        ArgumentNullException.ThrowIfNull(code);
        config ??= new PatchAutoencoderConfig { LatentChannels = code.Channels };
        if (config.LatentChannels != code.Channels)
            throw new ArgumentException($"The configuration has {config.LatentChannels} latent channels, the code {code.Channels}.", nameof(config));
        var network = new PatchAutoencoder(config);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var deviation = code.Variances.clamp_min(LinearPatchCode.SmallestVariance).sqrt().unsqueeze(1); // [C, 1]
        var project = code.Components / deviation; // [C, 192]
        var restore = (code.Components * deviation).t(); // [192, C]
        network.encoder.linear.Weight.copy_(project.unsqueeze(-1).unsqueeze(-1));
        network.encoder.linear.Bias!.copy_(-project.matmul(code.Mean));
        network.decoder.linear.Weight.copy_(restore.unsqueeze(-1).unsqueeze(-1));
        network.decoder.linear.Bias!.copy_(code.Mean);
        return network;
    }
}
