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
                        Sample(subject, alpha, side, u - 0.5f, v - 0.5f, sum);
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

    // Adds the bilinear sample at (u, v): colour times opacity in 0..2, opacity (0 to 1) in 3.
    private static void Sample(ReadOnlySpan<byte> rgb, ReadOnlySpan<byte> alpha, int side, float u, float v, Span<float> sum)
    {
        var x0 = (int)MathF.Floor(u);
        var y0 = (int)MathF.Floor(v);
        for (var dy = 0; dy < 2; dy++)
        {
            for (var dx = 0; dx < 2; dx++)
            {
                int x = x0 + dx, y = y0 + dy;
                if (x < 0 || y < 0 || x >= side || y >= side)
                    continue;
                var weight = (dx == 0 ? 1 - (u - x0) : u - x0) * (dy == 0 ? 1 - (v - y0) : v - y0);
                var at = (y * side) + x;
                var opacity = weight * (alpha.IsEmpty ? 1 : alpha[at] / 255f);
                for (var c = 0; c < 3; c++)
                    sum[c] += rgb[(at * 3) + c] * opacity;
                sum[3] += opacity;
            }
        }
    }
}
