using static TorchSharp.torch;

namespace FlexEdit.Training.Editor;

/// <summary>
/// L_diffusion for x-prediction: squared error of the clean latent with the edited cells weighted, plus the absolute error of the pixels
/// that the linear code gives back. All in fp32.
/// </summary>
public static class EditorLoss
{
    /// <summary>How much each latent cell counts: 1 outside, min(8, 0.5 / share of the region) in the edited region and one cell around.</summary>
    /// <param name="scene">Scene crops [B, 3, R, R] in [-1, 1].</param>
    /// <param name="target">What the edit should give.</param>
    /// <returns>Weights [B, 1, h, w], and the region itself, 0 or 1.</returns>
    public static (Tensor Weights, Tensor Region) Weigh(Tensor scene, Tensor target)
    {
        using var scope = NewDisposeScope();
        var changed = (scene - target).abs().amax([1], keepdim: true).gt(0.06f).to(float32); // [B, 1, R, R]
        var cells = nn.functional.avg_pool2d(changed, 8).gt(0.02f).to(float32);
        var region = nn.functional.max_pool2d(cells, 3, stride: 1, padding: 1);
        var share = region.mean([1, 2, 3], keepdim: true).clamp_min(1e-3f);
        var inside = (0.5f / share).clamp(1f, 8f);
        var weights = (region * (inside - 1)) + 1;
        return (weights.MoveToOuterDisposeScope(), cells.MoveToOuterDisposeScope());
    }

    /// <summary>The loss of a batch.</summary>
    /// <param name="predicted">Predicted clean latents [B, C, h, w].</param>
    /// <param name="clean">True ones.</param>
    /// <param name="weights">From <see cref="Weigh"/>.</param>
    /// <param name="channelWeights">How much each latent channel counts, [C], mean 1.</param>
    /// <param name="restore">Decoder matrix of the linear code, [192, C]: latents to pixels.</param>
    /// <param name="pixelShare">Weight of the pixel term.</param>
    public static Tensor Of(Tensor predicted, Tensor clean, Tensor weights, Tensor channelWeights, Tensor restore, double pixelShare)
    {
        using var scope = NewDisposeScope();
        var difference = (predicted - clean).to(float32);
        var latent = (difference.square() * channelWeights.view(1, -1, 1, 1) * weights).mean();
        var pixels = (einsum("pc,bchw->bphw", restore, difference).abs() * weights).mean();
        return (latent + (pixels * pixelShare)).MoveToOuterDisposeScope();
    }
}
