using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.Unet;

/// <summary>Time steps as vectors: sines and cosines of rising wavelengths (DDPM; Vaswani et al. 2017, section 3.5), then two linear layers.</summary>
public sealed class TimestepEmbedding : nn.Module<Tensor, Tensor>
{
    private readonly Linear linear_1;
    private readonly Linear linear_2;

    /// <summary>Makes the layers.</summary>
    /// <param name="channels">Width of the sines and cosines.</param>
    /// <param name="width">Width of the result.</param>
    /// <param name="device">Where the weights live.</param>
    public TimestepEmbedding(int channels, int width, Device? device = null) : base(nameof(TimestepEmbedding))
    {
        linear_1 = nn.Linear(channels, width, device: device);
        linear_2 = nn.Linear(width, width, device: device);
        RegisterComponents();
    }

    /// <summary>Maps sines and cosines [batch, channels] to [batch, width].</summary>
    public override Tensor forward(Tensor waves) => linear_2.call(nn.functional.silu(linear_1.call(waves)));

    /// <summary>The sines and cosines of time steps, always in single precision: half precision cannot tell neighbouring steps apart.</summary>
    /// <param name="timesteps">[batch]; whole or fractional.</param>
    /// <param name="channels">Width of the result.</param>
    /// <param name="flipSinToCos">True for cosines first.</param>
    /// <param name="freqShift">Subtracted from the number of frequencies in the exponent.</param>
    /// <returns>[batch, channels], float32.</returns>
    public static Tensor Waves(Tensor timesteps, int channels, bool flipSinToCos, double freqShift)
    {
        var half = channels / 2;
        var frequencies = (arange(half, ScalarType.Float32, timesteps.device) * (-Math.Log(10000) / (half - freqShift))).exp();
        var angles = timesteps.to(ScalarType.Float32).unsqueeze(1) * frequencies.unsqueeze(0);
        var waves = flipSinToCos ? cat([angles.cos(), angles.sin()], 1) : cat([angles.sin(), angles.cos()], 1);
        return channels % 2 == 0 ? waves : nn.functional.pad(waves, (0, 1));
    }
}
