namespace FlexEdit.Models.Images;

/// <summary>
/// Pillow's resampling of 8-bit pictures, digit by digit: the kernel is widened by the reduction (antialiasing), its weights are rounded to
/// 22 bits behind the point, and the result of the horizontal pass is rounded to 8 bits before the vertical one (Pillow's <c>Resample.c</c>).
/// </summary>
public static class PillowResampler
{
    private const int Bits = 32 - 8 - 2;

    // Up to version 12 Pillow begins with the horizontal pass, since 13 with the vertical one where the height is scaled down "significantly more" than the
    // width (its pull request 9549); the order shows in what is cut off at 0 and 255 between the passes. Where exactly 13 changes over could not be looked up: the
    // reference outputs (13.0.0) have a factor of 3.3 of that kind. CLIP's and LLaVA's processors keep the aspect, so that the factor is 1 and nothing depends on it.
    private const long MuchMore = 2;

    /// <summary>Another size of a picture; the picture itself when the size is its own.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A side is not positive, or the filter is none.</exception>
    public static RgbPicture Resize(RgbPicture picture, int width, int height, ResamplingFilter filter)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        var downFirst = height < picture.Height && (long)width * picture.Height >= MuchMore * height * picture.Width;
        var result = picture;
        if (downFirst)
            result = Down(result, Windows(picture.Height, height, filter));
        if (width != picture.Width)
            result = Across(result, Windows(picture.Width, width, filter));
        if (height != picture.Height && !downFirst)
            result = Down(result, Windows(picture.Height, height, filter));
        return result;
    }

    private readonly record struct Window(int First, int[] Weights);

    private static RgbPicture Across(RgbPicture picture, Window[] windows)
    {
        var result = new byte[picture.Height * windows.Length * 3];
        var at = 0;
        for (var y = 0; y < picture.Height; y++)
        {
            var row = picture.Pixels.AsSpan(y * picture.Width * 3, picture.Width * 3);
            foreach (var (first, weights) in windows)
            {
                for (var channel = 0; channel < 3; channel++)
                {
                    var sum = 1 << (Bits - 1);
                    for (var i = 0; i < weights.Length; i++)
                        sum += row[((first + i) * 3) + channel] * weights[i];
                    result[at++] = Round(sum);
                }
            }
        }
        return new RgbPicture(result, windows.Length, picture.Height);
    }

    private static RgbPicture Down(RgbPicture picture, Window[] windows)
    {
        var stride = picture.Width * 3;
        var result = new byte[windows.Length * stride];
        var at = 0;
        foreach (var (first, weights) in windows)
        {
            for (var x = 0; x < stride; x++)
            {
                var sum = 1 << (Bits - 1);
                for (var i = 0; i < weights.Length; i++)
                    sum += picture.Pixels[((first + i) * stride) + x] * weights[i];
                result[at++] = Round(sum);
            }
        }
        return new RgbPicture(result, picture.Width, windows.Length);
    }

    private static byte Round(int sum) => (byte)Math.Clamp(sum >> Bits, 0, 255);

    /// <summary>For each output sample the input samples that it is made of, and their weights.</summary>
    private static Window[] Windows(int from, int to, ResamplingFilter filter)
    {
        var (reach, kernel) = Kernel(filter);
        var scale = (double)from / to;
        var widening = Math.Max(scale, 1);
        var support = reach * widening;
        var windows = new Window[to];
        for (var i = 0; i < to; i++)
        {
            var centre = (i + 0.5) * scale;
            var first = Math.Max((int)(centre - support + 0.5), 0);
            var end = Math.Min((int)(centre + support + 0.5), from);
            double[] weights = [.. Enumerable.Range(first, end - first).Select(x => kernel((x - centre + 0.5) / widening))];
            var sum = weights.Sum();
            windows[i] = new Window(first, [.. weights.Select(w => Fixed(sum == 0 ? w : w / sum))]);
        }
        return windows;
    }

    private static int Fixed(double weight) => (int)((weight < 0 ? -0.5 : 0.5) + (weight * (1 << Bits)));

    private static (double Reach, Func<double, double> Kernel) Kernel(ResamplingFilter filter) => filter switch
    {
        ResamplingFilter.Bilinear => (1, x => Math.Max(1 - Math.Abs(x), 0)),
        ResamplingFilter.Bicubic => (2, x => Cubic(Math.Abs(x))),
        ResamplingFilter.Lanczos => (3, x => Math.Abs(x) < 3 ? Sinc(x) * Sinc(x / 3) : 0),
        _ => throw new ArgumentOutOfRangeException(nameof(filter), filter, "Not a filter; 1 (Lanczos), 2 (bilinear) and 3 (bicubic) are."),
    };

    private static double Cubic(double x)
    {
        const double a = -0.5;
        return x < 1 ? ((((a + 2) * x) - (a + 3)) * x * x) + 1
            : x < 2 ? ((((x - 5) * x) + 8) * x - 4) * a
            : 0;
    }

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);
}
