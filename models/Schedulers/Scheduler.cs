using static TorchSharp.torch;

namespace FlexEdit.Models.Schedulers;

/// <summary>
/// Samples from a diffusion or flow model: turns noise into a clean sample, step by step, with a network's prediction at each.
/// <code>
/// using var state = scheduler.Begin(steps);
/// sample = noise * state.Plan.InitialNoiseScale;
/// while (!state.IsDone)
///     sample = scheduler.Step(state, network(scheduler.ScaleInput(state, sample), state.Timestep), sample);
/// </code>
/// A scheduler holds tables only and may be used by any number of threads. Samples stay float32 between steps, whatever type the network has.
/// </summary>
public abstract class Scheduler
{
    private protected Scheduler(SchedulerConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        Config = config;
    }

    /// <summary>The settings.</summary>
    public SchedulerConfig Config { get; }

    /// <summary>Lays out a run.</summary>
    /// <param name="steps">Network evaluations, 1 to the number of training steps.</param>
    /// <exception cref="ArgumentOutOfRangeException">Too few or too many steps.</exception>
    public SamplerPlan Plan(int steps)
    {
        if (steps < 1 || steps > MaxSteps)
            throw new ArgumentOutOfRangeException(nameof(steps), steps, $"{Config.ClassName} takes 1 to {MaxSteps} steps.");
        return Lay(steps);
    }

    /// <summary>Lays out a run and begins it; where several runs have equal steps, share one <see cref="SamplerPlan"/> instead.</summary>
    /// <inheritdoc cref="Plan"/>
    public SamplerState Begin(int steps) => Plan(steps).Begin();

    /// <summary>What the network must see of the sample at this step: the sample itself, or scaled to about unit variance.</summary>
    public virtual Tensor ScaleInput(SamplerState state, Tensor sample) => sample.alias();

    /// <summary>Whether the next step needs fresh noise.</summary>
    public virtual bool DrawsNoise(SamplerState state) => false;

    /// <summary>The clean sample that the network's output implies at this step, float32: for previews, and for guidance on x0.</summary>
    public Tensor PredictClean(SamplerState state, Tensor modelOutput, Tensor sample)
    {
        using var scope = NewDisposeScope();
        return Clean(state, AsFloat(modelOutput), AsFloat(sample)).MoveToOuterDisposeScope();
    }

    /// <summary>Does one step of a run and advances its state.</summary>
    /// <param name="state">The run; all rows of the tensors are at its step.</param>
    /// <param name="modelOutput">The network's prediction for the scaled sample, of the sample's shape.</param>
    /// <param name="sample">[B, ...], unscaled, as the step before returned it.</param>
    /// <param name="noise">Noise of unit variance and the sample's shape, where <see cref="DrawsNoise"/> says so; unused otherwise.</param>
    /// <returns>The next sample, float32, without gradient.</returns>
    /// <exception cref="InvalidOperationException">The run is done.</exception>
    /// <exception cref="ArgumentException">Shapes differ, or noise is missing.</exception>
    public Tensor Step(SamplerState state, Tensor modelOutput, Tensor sample, Tensor? noise = null)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.IsDone)
            throw new InvalidOperationException($"All {state.Plan.Steps} steps are done.");
        RequireShape(sample, modelOutput, nameof(modelOutput));
        if (DrawsNoise(state))
            RequireShape(sample, noise ?? throw new ArgumentException($"Step {state.StepIndex} of {Config.ClassName} needs noise.", nameof(noise)), nameof(noise));
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var next = Next(state, AsFloat(modelOutput), AsFloat(sample), noise is null ? null : AsFloat(noise));
        state.Advance();
        return next.MoveToOuterDisposeScope();
    }

    /// <summary>Does one step of several runs at once: row i of each tensor belongs to run i, and each may be at a step of its own.</summary>
    /// <param name="states">One run per row.</param>
    /// <param name="modelOutputs">[B, ...].</param>
    /// <param name="samples">[B, ...].</param>
    /// <param name="noise">[1, ...] per row, null where <see cref="DrawsNoise"/> is false; null where no row needs any.</param>
    /// <inheritdoc cref="Step" path="/returns"/>
    public Tensor StepRows(IReadOnlyList<SamplerState> states, Tensor modelOutputs, Tensor samples, IReadOnlyList<Tensor?>? noise = null)
    {
        ArgumentNullException.ThrowIfNull(states);
        if (samples.shape[0] != states.Count || (noise is not null && noise.Count != states.Count))
            throw new ArgumentException($"{states.Count} runs were given for samples of shape [{string.Join(", ", samples.shape)}] and {noise?.Count ?? 0} rows of noise.", nameof(states));
        using var scope = NewDisposeScope();
        var rows = states.Select((state, i) => Step(state, modelOutputs.narrow(0, i, 1), samples.narrow(0, i, 1), noise?[i])).ToArray();
        return cat(rows, 0).MoveToOuterDisposeScope();
    }

    /// <summary>Noises clean samples to the level of given time steps of a run.</summary>
    /// <param name="plan">The run; schedulers with noise levels of their own take that of the nearest of its steps.</param>
    /// <param name="clean">x0, [B, ...].</param>
    /// <param name="noise">ε, of the same shape.</param>
    /// <param name="timesteps">One per row.</param>
    public Tensor AddNoise(SamplerPlan plan, Tensor clean, Tensor noise, IReadOnlyList<double> timesteps)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return NoisyRows.Mix(clean, noise, [.. timesteps.Select(t => LevelAt(plan, t))]);
    }

    /// <summary>The most steps that a run may have.</summary>
    private protected virtual int MaxSteps => Config.NumTrainTimesteps;

    private protected abstract SamplerPlan Lay(int steps);

    /// <summary>How noisy a sample of this run is at a time step.</summary>
    private protected abstract NoiseLevel LevelAt(SamplerPlan plan, double timestep);

    /// <summary>How noisy the sample is before the state's step.</summary>
    private protected abstract NoiseLevel LevelOf(SamplerState state);

    /// <summary>One step on float32 tensors; the caller owns the dispose scope and advances the state.</summary>
    private protected abstract Tensor Next(SamplerState state, Tensor output, Tensor sample, Tensor? noise);

    private protected Tensor Clean(SamplerState state, Tensor output, Tensor sample)
    {
        var clean = Prediction.Clean(Config.PredictionType, output, sample, LevelOf(state));
        return Config.ClipSample ? clean.clamp(-Config.ClipSampleRange, Config.ClipSampleRange) : clean;
    }

    private static Tensor AsFloat(Tensor value) => value.to(float32);

    private static void RequireShape(Tensor sample, Tensor other, string name)
    {
        if (!sample.shape.SequenceEqual(other.shape))
            throw new ArgumentException($"Shape [{string.Join(", ", other.shape)}] does not fit a sample of shape [{string.Join(", ", sample.shape)}].", name);
    }
}
