using FlexEdit.Models.Adapters;
using FlexEdit.Models.Editing;
using FlexEdit.Models.Methods.Reading;
using FlexEdit.Models.Methods.StableDiffusion;
using FlexEdit.Models.Unet;
using static TorchSharp.torch;

namespace FlexEdit.Models.Methods.FullSize;

/// <summary>
/// FlexEdit's conditions on Stable Diffusion's network: the Mask Enhance Adapter (eqs. 3 and 6) and the decoupled attention to the subject (eq. 7). As in training, the branches without
/// the instruction have the embedding zero and λ = 0, and the branch without the scene sees the patches of an empty picture; CLIP's text encoder takes no part.
/// </summary>
/// <param name="unet">Projects the states; not disposed of.</param>
/// <param name="adapter">Belongs to this conditioner from now on, as does the next.</param>
/// <param name="patches">Of scene and subject.</param>
public sealed class MaskEnhancedConditioner(UNet2DConditionModel unet, MaskEnhancedAdapter adapter, ClipPatches patches) : IConditioner
{
    /// <inheritdoc/>
    public Conditions Prepare(GenerationRequest request, Tensor embedding, IReadOnlyList<GuidanceBranch> branches, long latentSide)
    {
        using var scope = NewDisposeScope();
        var weight = ClipPictures.WeightOf(adapter);
        if (embedding.shape[^1] != adapter.Config.EmbeddingDim)
            throw new ArgumentException($"The edit embedding is [{string.Join(", ", embedding.shape)}]; this model reads a width of {adapter.Config.EmbeddingDim}.", nameof(embedding));
        // A copy: kernels round by how memory is aligned, and an embedding that lies in managed memory is aligned anyhow.
        var own = embedding.to(weight.dtype, weight.device).clone();
        var asked = cat([.. branches.Select(b => b == GuidanceBranch.Full ? own : zeros_like(own))]);
        var scene = patches.Of(request.Scene).to(weight);
        var seen = cat([.. branches.Select(b => b == GuidanceBranch.None ? patches.OfNothing().to(weight) : scene)]);
        if (request.Subject is null || request.SubjectScale <= 0)
            return new Conditions(adapter.Prepare(unet, asked, seen, null, null).MoveToOuterDisposeScope());
        var subject = patches.Of(request.Subject).to(weight).expand(branches.Count, -1, -1);
        var scale = tensor(branches.Select(b => b == GuidanceBranch.Full ? (float)request.SubjectScale : 0f).ToArray(), device: weight.device);
        return new Conditions(adapter.Prepare(unet, asked, seen, subject, scale).MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        adapter.Dispose();
        patches.Dispose();
    }
}
