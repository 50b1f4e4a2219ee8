using FlexEdit.Models.Schedulers;
using FlexEdit.Models.Unet;
using static TorchSharp.torch;

namespace FlexEdit.Models.Editing;

/// <summary>One picture being sampled by <see cref="FlexEditModel"/>: a row for each guidance branch that counts.</summary>
internal sealed class EditInFlight(GenerationRequest request, GuidanceWeights weights, SamplerState state, EditConditions conditions, CrossAttentionCache cache, Tensor sample) : IEditInFlight
{
    /// <summary>What was asked for.</summary>
    public GenerationRequest Request { get; } = request;
    /// <summary>How the subject was shown within the scene; null where it was not.</summary>
    public PastedSubject? Pasted { get; init; }
    /// <summary>Weight of each branch.</summary>
    public GuidanceWeights Weights { get; } = weights;
    /// <summary>The sampler's state.</summary>
    public SamplerState State { get; } = state;
    /// <summary>What does not depend on the time step, a row a branch.</summary>
    public EditConditions Conditions { get; } = conditions;
    /// <summary>Keys and values, a row a branch.</summary>
    public CrossAttentionCache Cache { get; } = cache;
    /// <summary>z_t, [1, C, h, w].</summary>
    public Tensor Sample { get; private set; } = sample;
    /// <summary>The newest estimate of the clean latent, [1, C, h, w].</summary>
    public Tensor Clean { get; private set; } = conditions.Scene.narrow(0, 0, 1).clone().DetachFromDisposeScope();

    /// <inheritdoc/>
    public int Step => State.StepIndex;

    /// <inheritdoc/>
    public int Steps => State.Plan.Steps;

    /// <summary>Takes the tensors of the next step over.</summary>
    public void Advance(Tensor sample, Tensor clean)
    {
        Sample.Dispose();
        Clean.Dispose();
        Sample = sample.DetachFromDisposeScope();
        Clean = clean.DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Sample.Dispose();
        Clean.Dispose();
        State.Dispose();
        Cache.Dispose();
        foreach (var tensor in (Tensor?[])[Conditions.Scene, Conditions.Collage, Conditions.Marks, Conditions.KeepScene])
            tensor?.Dispose();
    }
}
