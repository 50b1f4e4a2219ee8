using TorchSharp;

namespace FlexEdit.Models.Layers;

/// <summary>Scaled dot-product attention over projections that still hold their heads side by side (Vaswani et al. 2017, eq. 1).</summary>
public static class MultiHeadAttention
{
    /// <summary>Splits [batch, length, heads·size] into [batch, heads, length, size].</summary>
    public static torch.Tensor Split(torch.Tensor x, long heads) =>
        x.view(x.shape[0], x.shape[1], heads, x.shape[2] / heads).transpose(1, 2);

    /// <summary>Joins [batch, heads, length, size] to [batch, length, heads·size].</summary>
    public static torch.Tensor Join(torch.Tensor x) =>
        x.transpose(1, 2).reshape(x.shape[0], x.shape[2], x.shape[1] * x.shape[3]);

    /// <summary>softmax(QKᵀ/√d)·V for every head.</summary>
    /// <param name="query">[batch, length, width].</param>
    /// <param name="key">[batch, keys, width].</param>
    /// <param name="value">[batch, keys, width].</param>
    /// <param name="heads">Number of heads; divides the width.</param>
    /// <param name="mask">Boolean, true where a query may look, broadcast to [batch, heads, length, keys]; null for everywhere.</param>
    /// <param name="causal">Query i sees keys 0 to i only. Not together with a mask.</param>
    /// <param name="dropout">Probability that an attention weight is dropped.</param>
    /// <returns>[batch, length, width].</returns>
    public static torch.Tensor Attend(
        torch.Tensor query, torch.Tensor key, torch.Tensor value, long heads, torch.Tensor? mask = null, bool causal = false, double dropout = 0) =>
        Join(torch.nn.functional.scaled_dot_product_attention(
            Split(query, heads), Split(key, heads), Split(value, heads), mask, dropout, causal));
}
