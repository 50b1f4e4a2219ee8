namespace FlexEdit.Models.Schedulers;

/// <summary>Noise levels σ between and beyond the training steps.</summary>
internal static class SigmaTable
{
    /// <summary>σ at fractional time steps, linearly between its neighbours.</summary>
    public static double[] At(IReadOnlyList<double> sigmas, IEnumerable<double> timesteps) => [.. timesteps.Select(t =>
    {
        var clamped = Math.Clamp(t, 0, sigmas.Count - 1);
        var low = Math.Min((int)clamped, sigmas.Count - 2);
        return sigmas[low] + ((clamped - low) * (sigmas[low + 1] - sigmas[low]));
    })];

    /// <summary>Karras et al. 2022, equation 5, with ρ = 7: <paramref name="steps"/> levels from <paramref name="max"/> down to <paramref name="min"/>.</summary>
    public static double[] Karras(double min, double max, int steps)
    {
        const double rho = 7;
        var (low, high) = (Math.Pow(min, 1 / rho), Math.Pow(max, 1 / rho));
        return [.. Enumerable.Range(0, steps).Select(i => Math.Pow(high + ((steps == 1 ? 0 : i / (steps - 1.0)) * (low - high)), rho))];
    }

    /// <summary>The fractional time step of a σ, linearly in its logarithm; <paramref name="sigmas"/> rise.</summary>
    public static double TimestepOf(IReadOnlyList<double> sigmas, double sigma)
    {
        var logarithm = Math.Log(Math.Max(sigma, 1e-10));
        var low = 0;
        while (low < sigmas.Count - 2 && Math.Log(sigmas[low + 1]) <= logarithm)
            low++;
        var (below, above) = (Math.Log(sigmas[low]), Math.Log(sigmas[low + 1]));
        return low + Math.Clamp((logarithm - below) / (above - below), 0, 1);
    }
}
