using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.Layers;

/// <summary>
/// A two-dimensional convolution with a square kernel, zero padding and the names of torch's own (<c>weight</c> [to, from, kernel, kernel], <c>bias</c> [to]).
/// On a processor it computes with as many channels as oneDNN's blocks have, the rest zero: oneDNN 3.7.1 (of libtorch 2.10) fills blocks of 16 channels and,
/// on some processors (AMD's family 26), leaves what is beyond the last channel as it finds it in memory, which then is a part of every result.
/// </summary>
public sealed class SquareConv2d : nn.Module<Tensor, Tensor>
{
    private const int Block = 16;
    private readonly Parameter weight;
    private readonly Parameter? bias;

    /// <summary>Makes a convolution, initialised as torch's.</summary>
    /// <param name="from">Channels of the input.</param>
    /// <param name="to">Channels of the output.</param>
    /// <param name="kernel">Side of the kernel.</param>
    /// <param name="stride">Pixels from one output to the next.</param>
    /// <param name="padding">Zeros on each side.</param>
    /// <param name="bias">Whether each output channel has a bias.</param>
    /// <param name="device">Where the weights live.</param>
    /// <param name="dtype">Their type; null for fp32.</param>
    public SquareConv2d(long from, long to, long kernel, long stride = 1, long padding = 0, bool bias = true, Device? device = null, ScalarType? dtype = null)
        : base(nameof(SquareConv2d))
    {
        (Stride, Padding) = ([stride, stride], [padding, padding]);
        using var scope = NewDisposeScope();
        weight = new Parameter(empty([to, from, kernel, kernel], dtype ?? ScalarType.Float32, device));
        nn.init.kaiming_uniform_(weight, Math.Sqrt(5));
        if (bias)
        {
            var bound = 1 / Math.Sqrt(from * kernel * kernel);
            this.bias = new Parameter(empty([to], dtype ?? ScalarType.Float32, device));
            nn.init.uniform_(this.bias, -bound, bound);
            this.bias.MoveToOuterDisposeScope();
        }
        weight.MoveToOuterDisposeScope();
        RegisterComponents();
    }

    /// <summary>[to, from, kernel, kernel].</summary>
    public Parameter Weight => weight;

    /// <summary>[to], or null.</summary>
    public Parameter? Bias => bias;

    /// <summary>Pixels from one output to the next, down and across.</summary>
    public IReadOnlyList<long> Stride { get; }

    /// <summary>Zeros on each side, down and across.</summary>
    public IReadOnlyList<long> Padding { get; }

    /// <summary>[batch, from, height, width] to [batch, to, height′, width′].</summary>
    public override Tensor forward(Tensor input) => Apply(input, weight, bias, Stride, Padding);

    /// <summary>The same with given weights.</summary>
    /// <param name="input">[batch, from, height, width].</param>
    /// <param name="weight">[to, from, kernel, kernel].</param>
    /// <param name="bias">[to], or null.</param>
    /// <param name="stride">Pixels from one output to the next, down and across.</param>
    /// <param name="padding">Zeros on each side, down and across.</param>
    public static Tensor Apply(Tensor input, Tensor weight, Tensor? bias, IReadOnlyList<long> stride, IReadOnlyList<long> padding)
    {
        var (to, from) = (weight.shape[0], weight.shape[1]);
        if (input.device_type != TorchSharp.DeviceType.CPU || (to % Block == 0 && from % Block == 0))
            return nn.functional.conv2d(input, weight, bias, [.. stride], [.. padding]);
        using var scope = NewDisposeScope();
        var (moreTo, moreFrom) = (Missing(to), Missing(from));
        var whole = nn.functional.conv2d(
            moreFrom == 0 ? input : nn.functional.pad(input, [0, 0, 0, 0, 0, moreFrom]), nn.functional.pad(weight, [0, 0, 0, 0, 0, moreFrom, 0, moreTo]),
            bias is null || moreTo == 0 ? bias : nn.functional.pad(bias, [0, moreTo]), [.. stride], [.. padding]);
        return (moreTo == 0 ? whole : whole.narrow(1, 0, to).contiguous()).MoveToOuterDisposeScope();
    }

    private static long Missing(long channels) => (Block - (channels % Block)) % Block;
}
