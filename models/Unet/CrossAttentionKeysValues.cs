using static TorchSharp.torch;

namespace FlexEdit.Models.Unet;

/// <summary>Projected keys and values of one cross-attention, heads side by side.</summary>
/// <param name="Keys">K1, [batch, tokens, width].</param>
/// <param name="Values">V1, [batch, tokens, width].</param>
/// <param name="SubjectKeys">K2 of the decoupled branch, [batch, subject tokens, width], or null.</param>
/// <param name="SubjectValues">V2, likewise.</param>
public sealed record CrossAttentionKeysValues(Tensor Keys, Tensor Values, Tensor? SubjectKeys = null, Tensor? SubjectValues = null)
{
    internal CrossAttentionKeysValues Select(Func<Tensor, Tensor> change) =>
        new(change(Keys), change(Values), SubjectKeys is null ? null : change(SubjectKeys), SubjectValues is null ? null : change(SubjectValues));

    internal void ForEach(Action<Tensor> action)
    {
        foreach (var tensor in (Tensor?[])[Keys, Values, SubjectKeys, SubjectValues])
            if (tensor is not null)
                action(tensor);
    }
}
