using FlexEdit.Models.Editing;
using FlexEdit.Models.Methods.Reading;
using FlexEdit.Models.Methods.StableDiffusion;
using FlexEdit.Models.SmartEdit;
using FlexEdit.Models.Unet;
using static TorchSharp.torch;

namespace FlexEdit.Models.Methods.SmartEdit;

/// <summary>
/// SmartEdit's conditions (Huang et al. 2024, section 3.2): the interaction module refines the edit embedding with the scene's CLIP patches and makes a map of them that is added
/// behind the network's first convolution, in all three branches. The other branches look at the embedding of the empty text.
/// </summary>
/// <param name="unet">Projects the states; not disposed of.</param>
/// <param name="patches">Belongs to this conditioner from now on, as do the next two.</param>
/// <param name="interaction">In float32.</param>
/// <param name="empty">CLIP's embedding of the empty text, [1, T, W].</param>
public sealed class SmartEditConditioner(UNet2DConditionModel unet, ClipPatches patches, BidirectionalInteraction interaction, Tensor empty) : IConditioner
{
    /// <inheritdoc/>
    public Conditions Prepare(GenerationRequest request, Tensor embedding, IReadOnlyList<GuidanceBranch> branches, long latentSide)
    {
        using var scope = NewDisposeScope();
        var weight = ClipPictures.WeightOf(interaction);
        TextConditioner.RequireShape(embedding, empty);
        // A copy: kernels round by how memory is aligned, and an embedding that lies in managed memory is aligned anyhow.
        var own = embedding.to(weight.dtype, weight.device).clone();
        var refined = interaction.Forward(own, patches.Of(request.Scene).to(weight.dtype, weight.device), latentSide, latentSide);
        var states = TextConditioner.Rows(refined.Condition, empty, branches).to(unet.CrossAttentions[0].parameters().First());
        return new Conditions(unet.PrepareKeysValues(states).MoveToOuterDisposeScope(), refined.FeatureMap.MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        patches.Dispose();
        interaction.Dispose();
        empty.Dispose();
    }
}
