using static TorchSharp.torch;

namespace FlexEdit.Models.Schedulers;

/// <summary>
/// How far one edit's run has come, with what multistep solvers remember. Belongs to one run and one thread at a time; the
/// <see cref="Scheduler"/> itself keeps nothing, so that rows of one batch may be at different steps and of different lengths.
/// </summary>
public sealed class SamplerState : IDisposable
{
    private readonly List<Tensor> _cleans = [];
    private Tensor? _previousSample;

    internal SamplerState(SamplerPlan plan, int firstStep)
    {
        if (firstStep < 0 || firstStep > plan.Steps)
            throw new ArgumentOutOfRangeException(nameof(firstStep), firstStep, $"The run has {plan.Steps} steps.");
        Plan = plan;
        StepIndex = firstStep;
    }

    /// <summary>The run's plan.</summary>
    public SamplerPlan Plan { get; }

    /// <summary>The step to be done next, from 0; equal to the plan's steps when done.</summary>
    public int StepIndex { get; private set; }

    /// <summary>Whether all steps are done.</summary>
    public bool IsDone => StepIndex >= Plan.Steps;

    /// <summary>The time step to give to the network now.</summary>
    /// <exception cref="InvalidOperationException">The run is done.</exception>
    public double Timestep => IsDone ? throw new InvalidOperationException("The run is done.") : Plan.Timesteps[StepIndex];

    /// <summary>Predictions of x0 remembered from earlier steps of this run.</summary>
    internal int Remembered => _cleans.Count;

    /// <summary>Order of the step before (UniPC's corrector repeats it).</summary>
    internal int PreviousOrder { get; set; }

    /// <summary>The sample from which the step before set out.</summary>
    internal Tensor? PreviousSample
    {
        get => _previousSample;
        set
        {
            _previousSample?.Dispose();
            _previousSample = value?.alias().DetachFromDisposeScope();
        }
    }

    /// <summary>The prediction of x0 <paramref name="stepsAgo"/> steps ago; 1 is the step before.</summary>
    internal Tensor Clean(int stepsAgo) => _cleans[^stepsAgo];

    /// <summary>Keeps a prediction of x0 for later steps; only the last <paramref name="depth"/> are kept.</summary>
    internal void Remember(Tensor clean, int depth)
    {
        _cleans.Add(clean.alias().DetachFromDisposeScope());
        while (_cleans.Count > depth)
        {
            _cleans[0].Dispose();
            _cleans.RemoveAt(0);
        }
    }

    internal void Advance() => StepIndex++;

    /// <summary>Frees what is remembered.</summary>
    public void Dispose()
    {
        PreviousSample = null;
        foreach (var clean in _cleans)
            clean.Dispose();
        _cleans.Clear();
    }
}
