using static TorchSharp.torch;

namespace FlexEdit.Models.Llama;

/// <summary>The loss of predicting each next token (L_VLLM, eq. 5 of the FlexEdit paper), in fp32.</summary>
public static class CausalLoss
{
    /// <summary>The label of a token that does not count.</summary>
    public const long Ignored = -100;

    /// <summary>Mean cross-entropy of token i + 1 under the scores at i, as the published models compute it.</summary>
    /// <param name="logits">[batch, length, vocabulary].</param>
    /// <param name="labels">int64 [batch, length], not shifted; <see cref="Ignored"/> where a token does not count.</param>
    /// <param name="weights">[batch, length], not shifted: how much each token counts; null for all alike. The mean is divided by their sum.</param>
    /// <returns>A scalar.</returns>
    public static Tensor Of(Tensor logits, Tensor labels, Tensor? weights = null)
    {
        using var scope = NewDisposeScope();
        var scores = logits[.., ..^1].to(ScalarType.Float32).flatten(0, 1);
        var targets = labels[.., 1..].flatten();
        if (weights is null)
            return nn.functional.cross_entropy(scores, targets, ignore_index: Ignored).MoveToOuterDisposeScope();
        var losses = nn.functional.cross_entropy(scores, targets, ignore_index: Ignored, reduction: nn.Reduction.None);
        var counted = weights[.., 1..].flatten() * (targets != Ignored).to(ScalarType.Float32);
        return ((losses * counted).sum() / counted.sum()).MoveToOuterDisposeScope();
    }
}
