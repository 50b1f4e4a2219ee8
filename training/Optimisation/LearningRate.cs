namespace FlexEdit.Training.Optimisation;

/// <summary>Warm-up, stable, decay: linear from 0, flat, then linear to 0 over the last part of the run.</summary>
/// <param name="Peak">Learning rate of the flat part.</param>
/// <param name="WarmUp">Steps until the peak.</param>
/// <param name="DecayShare">Share of the run that decays.</param>
/// <param name="Cosine">Half a cosine over the whole run instead of flat and linear.</param>
public sealed record LearningRate(double Peak, int WarmUp, double DecayShare = 0.25, bool Cosine = false)
{
    /// <summary>The rate at <paramref name="step"/> when <paramref name="progress"/> (0 to 1) of the run is over.</summary>
    public double At(long step, double progress)
    {
        var warm = Math.Min(1.0, (step + 1.0) / WarmUp);
        if (Cosine)
            return Peak * warm * 0.5 * (1 + Math.Cos(Math.PI * Math.Clamp(progress, 0, 1)));
        var decay = Math.Clamp((1 - progress) / DecayShare, 0, 1);
        return Peak * Math.Min(warm, decay);
    }
}
