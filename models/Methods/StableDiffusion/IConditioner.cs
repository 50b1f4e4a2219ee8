using FlexEdit.Models.Editing;
using FlexEdit.Models.Unet;
using static TorchSharp.torch;

namespace FlexEdit.Models.Methods.StableDiffusion;

/// <summary>What tells Stable Diffusion's network what to paint; the one part in which the methods built on it differ. Computed once an edit.</summary>
public interface IConditioner : IDisposable
{
    /// <summary>Keys and values of every cross-attention, a row a branch.</summary>
    /// <param name="request">The edit.</param>
    /// <param name="embedding">The edit embedding e of the reading half, [1, N, D].</param>
    /// <param name="branches">The branches that count.</param>
    /// <param name="latentSide">Side of the latents.</param>
    Conditions Prepare(GenerationRequest request, Tensor embedding, IReadOnlyList<GuidanceBranch> branches, long latentSide);
}

/// <summary>What does not depend on the time step.</summary>
/// <param name="Cache">Keys and values, a row a branch.</param>
/// <param name="AddedAfterFirst">[1, first width, h, w], added behind the first convolution in every branch; null for nothing.</param>
public sealed record Conditions(CrossAttentionCache Cache, Tensor? AddedAfterFirst = null);
