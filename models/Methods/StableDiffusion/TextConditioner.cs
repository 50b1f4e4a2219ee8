using FlexEdit.Models.Editing;
using FlexEdit.Models.Unet;
using static TorchSharp.torch;

namespace FlexEdit.Models.Methods.StableDiffusion;

/// <summary>InstructPix2Pix's conditions: the instruction's text embedding in the full branch, that of the empty text in the others (Brooks et al. 2023, section 3.2.1).</summary>
/// <param name="unet">Projects the states; not disposed of.</param>
/// <param name="empty">Embedding of the empty text, [1, T, W]; belongs to this conditioner from now on.</param>
public sealed class TextConditioner(UNet2DConditionModel unet, Tensor empty) : IConditioner
{
    /// <inheritdoc/>
    public Conditions Prepare(GenerationRequest request, Tensor embedding, IReadOnlyList<GuidanceBranch> branches, long latentSide)
    {
        using var scope = NewDisposeScope();
        return new Conditions(unet.PrepareKeysValues(Rows(embedding, empty, branches).to(unet.CrossAttentions[0].parameters().First())).MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public void Dispose() => empty.Dispose();

    /// <summary>The embedding in the full branch, the empty text's in the others: [branches, T, W].</summary>
    /// <exception cref="ArgumentException">The embedding has another shape than the empty text's.</exception>
    internal static Tensor Rows(Tensor embedding, Tensor empty, IReadOnlyList<GuidanceBranch> branches)
    {
        RequireShape(embedding, empty);
        return cat([.. branches.Select(b => b == GuidanceBranch.Full ? embedding.to(empty) : empty)]);
    }

    /// <summary>Compares the embedding's tokens and width with those of the empty text's.</summary>
    /// <exception cref="ArgumentException">They differ.</exception>
    internal static void RequireShape(Tensor embedding, Tensor empty)
    {
        if (!embedding.shape.AsSpan(1).SequenceEqual(empty.shape.AsSpan(1)))
            throw new ArgumentException($"The edit embedding is [{string.Join(", ", embedding.shape)}]; this model reads [1, {empty.shape[1]}, {empty.shape[2]}].", nameof(embedding));
    }
}
