using FlexEdit.Models.Editing;
using FlexEdit.Models.Schedulers;
using FlexEdit.Models.Unet;
using static TorchSharp.torch;

namespace FlexEdit.Models.Methods.StableDiffusion;

/// <summary>One picture being sampled by <see cref="StableDiffusionEditModel"/>.</summary>
internal sealed class StableDiffusionInFlight(GenerationRequest request, GuidanceWeights weights, SamplerState state, Tensor scene, Conditions conditions, Generator generator, Tensor sample) : IEditInFlight
{
    /// <summary>What was asked for.</summary>
    public GenerationRequest Request { get; } = request;
    /// <summary>Weight of each branch.</summary>
    public GuidanceWeights Weights { get; } = weights;
    /// <summary>The sampler's state.</summary>
    public SamplerState State { get; } = state;
    /// <summary>The scene's unscaled latent, [1, C, h, w].</summary>
    public Tensor Scene { get; } = scene;
    /// <summary>What does not depend on the time step.</summary>
    public Conditions Conditions { get; } = conditions;
    /// <summary>Draws this edit's noise and no other's.</summary>
    public Generator Generator { get; } = generator;
    /// <summary>z_t, [1, C, h, w].</summary>
    public Tensor Sample { get; private set; } = sample;
    /// <summary>The newest estimate of the clean latent, [1, C, h, w]; null before the first step.</summary>
    public Tensor? Clean { get; private set; }

    /// <inheritdoc/>
    public int Step => State.StepIndex;

    /// <inheritdoc/>
    public int Steps => State.Plan.Steps;

    /// <summary>Takes the tensors of the next step over.</summary>
    public void Advance(Tensor sample, Tensor clean)
    {
        Sample.Dispose();
        Clean?.Dispose();
        Sample = sample.DetachFromDisposeScope();
        Clean = clean.DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Sample.Dispose();
        Clean?.Dispose();
        State.Dispose();
        Scene.Dispose();
        Conditions.Cache.Dispose();
        Conditions.AddedAfterFirst?.Dispose();
        Generator.Dispose();
    }
}
