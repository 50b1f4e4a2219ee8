namespace FlexEdit.Models.Editing;

/// <summary>
/// The subject pasted where the mask asks for it, as a first guess for the denoising network
/// (the idea is AnyDoor's high-frequency collage, Chen et al. 2023, section 3.2; here the pixels themselves).
/// </summary>
public static class Collage
{
    /// <summary>Pastes a subject over a scene; all pictures are squares of side <paramref name="side"/>.</summary>
    /// <param name="scene">RGB of the crop.</param>
    /// <param name="subject">RGB of the subject.</param>
    /// <param name="alpha">Opacity of the subject; null where it has none: the whole picture is pasted.</param>
    /// <param name="box">Where the mask is.</param>
    /// <param name="side">R.</param>
    /// <returns>RGB of the collage.</returns>
    public static byte[] Paste(ReadOnlySpan<byte> scene, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> alpha, MarkBox box, int side)
    {
        var result = scene.ToArray();
        var place = CollagePlacement.Of(alpha, box, side);
        var (left, top, right, bottom) = place.Covered(side);
        // Where the subject shrinks, several of its pixels fall on one of the crop: average a grid of samples.
        var samples = Math.Clamp((int)MathF.Ceiling(1 / place.Scale), 1, 4);
        var picture = new Subject(subject, alpha, side);
        Span<float> sum = stackalloc float[4];
        for (var y = top; y <= bottom; y++)
        {
            for (var x = left; x <= right; x++)
            {
                sum.Clear();
                for (var sy = 0; sy < samples; sy++)
                {
                    for (var sx = 0; sx < samples; sx++)
                    {
                        var (u, v) = place.InSubject(x + ((sx + 0.5f) / samples), y + ((sy + 0.5f) / samples));
                        BilinearSample.Add(picture, u - 0.5f, v - 0.5f, sum);
                    }
                }
                var opacity = sum[3] / (samples * samples);
                if (opacity <= 0)
                    continue;
                var at = ((y * side) + x) * 3;
                for (var c = 0; c < 3; c++)
                    result[at + c] = (byte)Math.Clamp(MathF.Round((scene[at + c] * (1 - opacity)) + (sum[c] / sum[3] * opacity)), 0, 255);
            }
        }
        return result;
    }

    private readonly ref struct Subject(ReadOnlySpan<byte> rgb, ReadOnlySpan<byte> alpha, int side) : ISampledPicture
    {
        private readonly ReadOnlySpan<byte> rgb = rgb, alpha = alpha;

        public int Width => side;

        public int Height => side;

        public void Add(int x, int y, float weight, Span<float> sum)
        {
            var at = (y * side) + x;
            var opacity = weight * (alpha.IsEmpty ? 1 : alpha[at] / 255f);
            for (var c = 0; c < 3; c++)
                sum[c] += rgb[(at * 3) + c] * opacity;
            sum[3] += opacity;
        }
    }
}
