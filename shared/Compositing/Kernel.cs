namespace FlexEdit.Compositing;

/// <summary>Weights with which samples are drawn from a picture of another size.</summary>
public sealed class Kernel
{
    private readonly Func<double, double> _weight;
    private readonly double _support;

    private Kernel(Func<double, double> weight, double support) => (_weight, _support) = (weight, support);

    /// <summary>Cubic convolution with a = -1/2 (Keys 1981, eq. 15): sharp, may overshoot.</summary>
    public static Kernel Cubic { get; } = new(
        x => x < 1 ? (((1.5 * x) - 2.5) * x * x) + 1 : x < 2 ? (((((-0.5 * x) + 2.5) * x) - 4) * x) + 2 : 0, 2);

    /// <summary>Cubic B-spline: smooth, never negative and never above the largest sample.</summary>
    public static Kernel Smooth { get; } = new(
        x => x < 1 ? (((0.5 * x) - 1) * x * x) + (2.0 / 3) : x < 2 ? (2 - x) * (2 - x) * (2 - x) / 6 : 0, 2);

    /// <summary>
    /// For every output position the first input position and its weights; they sum to 1. Pixel centres lie at ½; where
    /// the picture shrinks the kernel widens with it, so that no input is skipped; positions beyond the border count as the border.
    /// </summary>
    internal Taps[] Taps(int from, int to)
    {
        var scale = (double)from / to; // input pixels per output pixel
        var widening = Math.Max(1, scale);
        var result = new Taps[to];
        for (var i = 0; i < to; i++)
        {
            var centre = ((i + 0.5) * scale) - 0.5;
            var first = (int)Math.Floor(centre - (_support * widening)) + 1;
            var last = (int)Math.Ceiling(centre + (_support * widening)) - 1;
            var start = Math.Clamp(first, 0, from - 1);
            var weights = new float[Math.Clamp(last, 0, from - 1) - start + 1];
            var sum = 0.0;
            for (var j = first; j <= last; j++)
                sum += _weight(Math.Abs(j - centre) / widening);
            for (var j = first; j <= last; j++)
                weights[Math.Clamp(j, 0, from - 1) - start] += (float)(_weight(Math.Abs(j - centre) / widening) / sum);
            result[i] = new Taps(start, weights);
        }
        return result;
    }
}

/// <summary>Weights of neighbouring input positions.</summary>
/// <param name="First">The first position.</param>
/// <param name="Weights">Its weight and those of the ones behind it.</param>
internal readonly record struct Taps(int First, float[] Weights);
