using FlexEdit.Models.Layers;
using static TorchSharp.torch;

namespace FlexEdit.Models.Unet;

/// <summary>softmax(QKᵀ/√d)·V (FlexEdit eq. 6; Vaswani et al. 2017, eq. 1) by whichever of two computations is the faster one.</summary>
internal static class AttentionKernel
{
    /// <summary>
    /// Scores per head up to which bfloat16 attention on a processor is done with plain matrix products. libtorch 2.10's fused kernel
    /// took 2 to 5 times as long there, forward and backward, for 16 to 256 queries, and won at 1,024 and always in float32.
    /// </summary>
    private const long PlainScores = 256 * 256;

    /// <summary>Attends with every head.</summary>
    /// <param name="query">[batch, length, width].</param>
    /// <param name="key">[batch, keys, width].</param>
    /// <param name="value">[batch, keys, width].</param>
    /// <param name="heads">Number of heads; divides the width.</param>
    /// <returns>[batch, length, width].</returns>
    public static Tensor Attend(Tensor query, Tensor key, Tensor value, long heads)
    {
        if (query.dtype != ScalarType.BFloat16 || query.device.type != TorchSharp.DeviceType.CPU || query.shape[1] * key.shape[1] > PlainScores)
            return MultiHeadAttention.Attend(query, key, value, heads);
        using var scope = NewDisposeScope();
        var scale = 1 / Math.Sqrt(query.shape[2] / heads);
        var scores = matmul(MultiHeadAttention.Split(query * scale, heads), MultiHeadAttention.Split(key, heads).transpose(-2, -1));
        return MultiHeadAttention.Join(matmul(scores.softmax(-1), MultiHeadAttention.Split(value, heads))).MoveToOuterDisposeScope();
    }
}
