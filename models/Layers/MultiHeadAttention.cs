using TorchSharp;
using static TorchSharp.torch;

namespace FlexEdit.Models.Layers;

/// <summary>Scaled dot-product attention over projections that still hold their heads side by side (Vaswani et al. 2017, eq. 1).</summary>
public static class MultiHeadAttention
{
    /// <summary>
    /// Scores per head up to which bfloat16 attention on a processor is done with plain matrix products. libtorch 2.10's fused kernel
    /// took 2 to 5 times as long there, forward and backward, for 16 to 256 queries, and won at 1,024 and always in float32.
    /// </summary>
    private const long PlainScores = 256 * 256;

    /// <summary>Splits [batch, length, heads·size] into [batch, heads, length, size].</summary>
    public static Tensor Split(Tensor x, long heads) =>
        x.view(x.shape[0], x.shape[1], heads, x.shape[2] / heads).transpose(1, 2);

    /// <summary>Joins [batch, heads, length, size] to [batch, length, heads·size].</summary>
    public static Tensor Join(Tensor x) =>
        x.transpose(1, 2).reshape(x.shape[0], x.shape[2], x.shape[1] * x.shape[3]);

    /// <summary>softmax(QKᵀ/√d)·V for every head, by whichever of two computations is the faster one.</summary>
    /// <param name="query">[batch, length, width].</param>
    /// <param name="key">[batch, keys, width].</param>
    /// <param name="value">[batch, keys, width].</param>
    /// <param name="heads">Number of heads; divides the width.</param>
    /// <param name="mask">Boolean, true where a query may look, broadcast to [batch, heads, length, keys]; null for everywhere.</param>
    /// <param name="causal">Query i sees keys 0 to i only. Not together with a mask.</param>
    /// <param name="dropout">Probability that an attention weight is dropped.</param>
    /// <returns>[batch, length, width].</returns>
    public static Tensor Attend(
        Tensor query, Tensor key, Tensor value, long heads, Tensor? mask = null, bool causal = false, double dropout = 0)
    {
        using var scope = NewDisposeScope();
        return Join(AttendHeads(Split(query, heads), Split(key, heads), Split(value, heads), mask, causal, dropout)).MoveToOuterDisposeScope();
    }

    /// <summary>As <see cref="Attend"/>, on heads that are split already.</summary>
    /// <param name="query">[batch, heads, length, size].</param>
    /// <param name="key">[batch, heads, keys, size].</param>
    /// <param name="value">[batch, heads, keys, size].</param>
    /// <param name="mask">As in <see cref="Attend"/>.</param>
    /// <param name="causal">As in <see cref="Attend"/>.</param>
    /// <param name="dropout">As in <see cref="Attend"/>.</param>
    /// <returns>[batch, heads, length, size].</returns>
    public static Tensor AttendHeads(Tensor query, Tensor key, Tensor value, Tensor? mask = null, bool causal = false, double dropout = 0)
    {
        var (length, keys) = (query.shape[^2], key.shape[^2]);
        if (query.dtype != ScalarType.BFloat16 || query.device.type != DeviceType.CPU || dropout > 0 || length * keys > PlainScores)
            return nn.functional.scaled_dot_product_attention(query, key, value, mask, dropout, causal);
        using var scope = NewDisposeScope();
        var scores = matmul(query * (1 / Math.Sqrt(query.shape[^1])), key.transpose(-2, -1));
        if (causal)
            mask = ones([length, keys], ScalarType.Bool, query.device).tril();
        if (mask is not null)
            scores = scores.masked_fill(mask.logical_not(), float.NegativeInfinity);
        return matmul(scores.softmax(-1), value).MoveToOuterDisposeScope();
    }
}
