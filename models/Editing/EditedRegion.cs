using static TorchSharp.torch;

namespace FlexEdit.Models.Editing;

/// <summary>
/// Finds what an edit changed: where the decoded result differs from the decoded reconstruction of the scene (both have the autoencoder's errors,
/// so that these cancel), joined with the predicted whole mask, and near the mask.
/// </summary>
internal static class EditedRegion
{
    private const float Least = 0.05f, Sure = 0.16f; // differences of pixels in [-1, 1]
    private const float Reach = 0.45f; // of the box's longer side, around the box

    /// <summary>Soft membership of every pixel, R·R bytes.</summary>
    /// <param name="result">Decoded result [1, 3, R, R] in [-1, 1].</param>
    /// <param name="reconstruction">Decoded scene, likewise.</param>
    /// <param name="request">Its masks.</param>
    /// <param name="side">R.</param>
    public static byte[] Find(Tensor result, Tensor reconstruction, GenerationRequest request, int side)
    {
        using var scope = NewDisposeScope();
        var difference = (result - reconstruction).abs().amax([1], keepdim: true);
        var changed = ((nn.functional.avg_pool2d(difference, 3, stride: 1, padding: 1) - Least) / (Sure - Least)).clamp(0f, 1f);
        if (request.FullMask is { } full)
            changed = changed.maximum((CropTensors.FromGray([full], side).to(changed.device) - 0.35f).mul(4f).clamp(0f, 1f));
        // Close small holes, then one pixel more, then a soft edge.
        var closed = -nn.functional.max_pool2d(-nn.functional.max_pool2d(changed, 7, stride: 1, padding: 3), 5, stride: 1, padding: 2);
        var soft = nn.functional.avg_pool2d(closed, 3, stride: 1, padding: 1, count_include_pad: false);
        return CropTensors.ToGray((soft * Near(request, side).to(soft.device))[0, 0]);
    }

    // 1 inside the box of the mask and of the whole mask, falling to 0 at the reach around it.
    private static Tensor Near(GenerationRequest request, int side)
    {
        var box = MarkBox.Of(request.Mask, side);
        int left = box.X, top = box.Y, right = box.X + box.Width, bottom = box.Y + box.Height;
        if (request.FullMask is { } full && full.AsSpan().IndexOfAnyInRange((byte)128, (byte)255) >= 0)
        {
            var whole = MarkBox.Of(full, side);
            (left, top, right, bottom) = (Math.Min(left, whole.X), Math.Min(top, whole.Y), Math.Max(right, whole.X + whole.Width), Math.Max(bottom, whole.Y + whole.Height));
        }
        var reach = Math.Max(4, Reach * Math.Max(right - left, bottom - top));
        var data = new float[side * side];
        for (var y = 0; y < side; y++)
        {
            var dy = Math.Max(0, Math.Max(top - y, y - bottom + 1));
            for (var x = 0; x < side; x++)
            {
                var dx = Math.Max(0, Math.Max(left - x, x - right + 1));
                data[(y * side) + x] = Math.Clamp((reach - MathF.Sqrt((dx * dx) + (dy * dy))) / (reach * 0.4f), 0, 1);
            }
        }
        return tensor(data, [1, 1, side, side]);
    }
}
