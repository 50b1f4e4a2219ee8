using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.Layers;

/// <summary>Makes convolutions that leave nothing behind: TorchSharp 0.107's own factory loses a tensor for every bias, which only the garbage collector finds.</summary>
public static class Convolutions
{
    /// <summary>A two-dimensional convolution with zero padding, initialised as TorchSharp does.</summary>
    /// <param name="from">Channels of the input.</param>
    /// <param name="to">Channels of the output.</param>
    /// <param name="kernel">Side of the kernel.</param>
    /// <param name="stride">Pixels from one output to the next.</param>
    /// <param name="padding">Zeros on each side.</param>
    /// <param name="bias">Whether each output channel has a bias.</param>
    /// <param name="device">Where the weights live.</param>
    /// <param name="dtype">Their type; null for fp32.</param>
    public static Conv2d Square(long from, long to, long kernel, long stride = 1, long padding = 0, bool bias = true, Device? device = null, ScalarType? dtype = null)
    {
        using var scope = NewDisposeScope();
        return nn.Conv2d(from, to, kernel, stride, padding, bias: bias, device: device, dtype: dtype);
    }
}
