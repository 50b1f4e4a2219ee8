namespace FlexEdit.Models.Schedulers;

/// <summary>How much of a sample x = <paramref name="Signal"/>·x0 + <paramref name="Noise"/>·ε is signal and how much is noise.</summary>
public readonly record struct NoiseLevel(double Signal, double Noise)
{
    /// <summary>Standard deviation of x for x0 and ε of unit variance: 1 for variance-preserving processes.</summary>
    public double Scale => Math.Sqrt((Signal * Signal) + (Noise * Noise));

    /// <summary>Half the logarithm of the signal-to-noise ratio, λ of Lu et al. 2022; infinite without noise.</summary>
    public double HalfLogSnr => Math.Log(Signal) - Math.Log(Noise);

    /// <summary>The variance-preserving level with Noise/Signal = <paramref name="sigma"/> (Karras et al. 2022, table 1).</summary>
    public static NoiseLevel FromSigma(double sigma)
    {
        var signal = 1 / Math.Sqrt((sigma * sigma) + 1);
        return new NoiseLevel(signal, sigma * signal);
    }
}
