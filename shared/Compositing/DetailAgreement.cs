namespace FlexEdit.Compositing;

/// <summary>
/// Where a painted crop still shows what its source shows, so that the source's finer detail belongs there too: 1 where the two look alike,
/// and where only the colour changed the share of the source's edges that the painting kept; 0 where something else was painted.
/// </summary>
internal static class DetailAgreement
{
    // Differences of 8-bit samples, mean of a 3x3 window, below and above which two places are the same and surely not.
    private const float Same = 8, Other = 24;
    // Correlation of the edges in a 5x5 window, likewise.
    private const float Unrelated = 0.35f, Related = 0.75f;
    // Edges this weak, squared differences summed over the window, say nothing.
    private const float Flat = 25 * 2 * 9;

    /// <summary>Computes it at the model's resolution.</summary>
    /// <param name="painted">R·R·3 bytes RGB.</param>
    /// <param name="source">What the model was shown there, likewise.</param>
    /// <param name="side">R.</param>
    /// <returns>R·R values, 0 to 1.</returns>
    public static float[] Of(ReadOnlySpan<byte> painted, ReadOnlySpan<byte> source, int side)
    {
        var difference = new float[side * side];
        for (var i = 0; i < difference.Length; i++)
        {
            for (var band = 0; band < 3; band++)
                difference[i] = Math.Max(difference[i], Math.Abs(painted[(i * 3) + band] - source[(i * 3) + band]));
        }
        var (across, both, own) = (new float[side * side], new float[side * side], new float[side * side]);
        Edges(painted, source, side, across, both, own);

        var mean = Sum(difference, side, 1);
        (across, both, own) = (Sum(across, side, 2), Sum(both, side, 2), Sum(own, side, 2));
        var result = new float[side * side];
        for (var i = 0; i < result.Length; i++)
        {
            var alike = 1 - Samples.Smoothstep((mean[i] / 9 - Same) / (Other - Same));
            var correlation = across[i] / MathF.Sqrt((both[i] + Flat) * (own[i] + Flat));
            var kept = Math.Clamp(across[i] / (own[i] + Flat), 0, 1);
            result[i] = Math.Max(alike, kept * Samples.Smoothstep((correlation - Unrelated) / (Related - Unrelated)));
        }
        return result;
    }

    // Products of the two pictures' gradients (central differences of the mean of the bands): painted·source, painted², source².
    private static void Edges(ReadOnlySpan<byte> painted, ReadOnlySpan<byte> source, int side, float[] across, float[] both, float[] own)
    {
        for (var y = 1; y < side - 1; y++)
        {
            for (var x = 1; x < side - 1; x++)
            {
                var i = (y * side) + x;
                var (px, py) = (Grey(painted, i + 1) - Grey(painted, i - 1), Grey(painted, i + side) - Grey(painted, i - side));
                var (sx, sy) = (Grey(source, i + 1) - Grey(source, i - 1), Grey(source, i + side) - Grey(source, i - side));
                across[i] = (px * sx) + (py * sy);
                both[i] = (px * px) + (py * py);
                own[i] = (sx * sx) + (sy * sy);
            }
        }
    }

    private static float Grey(ReadOnlySpan<byte> rgb, int i) => (rgb[i * 3] + rgb[(i * 3) + 1] + rgb[(i * 3) + 2]) / 3f;

    // Sum over the window of 2·reach + 1 samples each way; places beyond the border repeat it.
    private static float[] Sum(float[] values, int side, int reach)
    {
        var rows = new float[values.Length];
        var result = new float[values.Length];
        for (var y = 0; y < side; y++)
        {
            for (var x = 0; x < side; x++)
            {
                for (var d = -reach; d <= reach; d++)
                    rows[(y * side) + x] += values[(y * side) + Math.Clamp(x + d, 0, side - 1)];
            }
        }
        for (var y = 0; y < side; y++)
        {
            for (var d = -reach; d <= reach; d++)
            {
                var from = Math.Clamp(y + d, 0, side - 1) * side;
                for (var x = 0; x < side; x++)
                    result[(y * side) + x] += rows[from + x];
            }
        }
        return result;
    }
}
