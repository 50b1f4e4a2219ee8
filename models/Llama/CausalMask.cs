using static TorchSharp.torch;

namespace FlexEdit.Models.Llama;

/// <summary>Who may look at whom, and where everybody stands, in a batch of sequences of different lengths.</summary>
internal static class CausalMask
{
    /// <summary>
    /// The mask for <paramref name="count"/> new tokens after <paramref name="past"/> old ones: boolean [batch or 1, 1, count, past + count].
    /// Null where torch's own causal form, or none at all, says the same and is faster.
    /// </summary>
    /// <param name="attentionMask">int64 or boolean [batch, past + count], 0 at paddings; null for none.</param>
    /// <param name="past">Tokens in the cache.</param>
    /// <param name="count">Tokens of this pass.</param>
    /// <param name="device">Where the mask is needed.</param>
    public static Tensor? For(Tensor? attentionMask, long past, long count, Device device)
    {
        if (attentionMask is null && (past == 0 || count == 1))
            return null;
        var rows = arange(past, past + count, ScalarType.Int64, device).unsqueeze(1);
        var columns = arange(0, past + count, ScalarType.Int64, device).unsqueeze(0);
        var causal = (columns <= rows).unsqueeze(0).unsqueeze(0);
        if (attentionMask is null)
            return causal;
        // A padding sees itself: a row that sees nothing would turn into NaN and spread through the next layer's values.
        var self = (columns == rows).unsqueeze(0).unsqueeze(0);
        return (causal & attentionMask.to(ScalarType.Bool).unsqueeze(1).unsqueeze(1)) | self;
    }

    /// <summary>Positions of the new tokens, int64 [batch or 1, count], counting from each sequence's first token that is no padding.</summary>
    public static Tensor Positions(Tensor? attentionMask, long past, long count, Device device)
    {
        if (attentionMask is null)
            return arange(past, past + count, ScalarType.Int64, device).unsqueeze(0);
        var counted = attentionMask.to(ScalarType.Int64).cumsum(1) - 1;
        return counted.clamp(min: 0).narrow(1, past, count);
    }
}
