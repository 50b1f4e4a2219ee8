namespace FlexEdit.Models.Schedulers;

/// <summary>Everything about a run that does not depend on the sample. Immutable; any number of runs may share one.</summary>
public sealed class SamplerPlan
{
    internal SamplerPlan(IReadOnlyList<double> timesteps, IReadOnlyList<double> sigmas, double initialNoiseScale)
    {
        Timesteps = timesteps;
        Sigmas = sigmas;
        InitialNoiseScale = initialNoiseScale;
    }

    /// <summary>The time step to give to the network at each step, falling.</summary>
    public IReadOnlyList<double> Timesteps { get; }

    /// <summary>The noise level before each step and after the last one; empty for schedulers that work on time steps alone.</summary>
    public IReadOnlyList<double> Sigmas { get; }

    /// <summary>What to multiply noise of unit variance with to get the first sample.</summary>
    public double InitialNoiseScale { get; }

    /// <summary>Number of steps, and of network evaluations.</summary>
    public int Steps => Timesteps.Count;

    /// <summary>Begins a run, or the later part of one.</summary>
    /// <param name="firstStep">The step to begin with, 0 to <see cref="Steps"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not a step of this plan.</exception>
    public SamplerState Begin(int firstStep = 0) => new(this, firstStep);

    /// <summary>Index of the step whose time step lies nearest.</summary>
    internal int NearestStep(double timestep)
    {
        var best = 0;
        for (var i = 1; i < Timesteps.Count; i++)
        {
            if (Math.Abs(Timesteps[i] - timestep) < Math.Abs(Timesteps[best] - timestep))
                best = i;
        }
        return best;
    }
}
