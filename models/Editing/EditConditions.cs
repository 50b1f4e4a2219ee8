using static TorchSharp.torch;

namespace FlexEdit.Models.Editing;

/// <summary>
/// What does not change while an edit is sampled, as tensors with one row an edit. Owned by the caller's dispose scope.
/// </summary>
public sealed record EditConditions
{
    /// <summary>Latent of the scene, [B, C, h, w].</summary>
    public required Tensor Scene { get; init; }
    /// <summary>Latent of the collage minus that of the scene, zero without a subject, [B, C, h, w]; null for a network without it.</summary>
    public Tensor? Collage { get; init; }
    /// <summary>Mask and box, [B, 2, h, w] in 0 to 1; null for a network without them.</summary>
    public Tensor? Marks { get; init; }
    /// <summary>1 where the scene is given, 0 where guidance drops it, [B, 1, 1, 1].</summary>
    public required Tensor KeepScene { get; init; }

    /// <summary>Mask and box channels from masks of side R: the share of each latent cell that is marked.</summary>
    /// <param name="masks">One mask an edit, R·R bytes.</param>
    /// <param name="side">R.</param>
    /// <param name="factor">Pixels a latent cell.</param>
    public static Tensor MarksOf(IReadOnlyList<byte[]> masks, int side, int factor)
    {
        using var scope = NewDisposeScope();
        var data = new float[masks.Count * 2 * side * side];
        for (var i = 0; i < masks.Count; i++)
        {
            var box = MarkBox.Of(masks[i], side);
            var at = i * 2 * side * side;
            for (var j = 0; j < side * side; j++)
                data[at + j] = masks[i][j] >= 128 ? 1 : 0;
            at += side * side;
            for (var y = box.Y; y < box.Y + box.Height; y++)
                Array.Fill(data, 1f, at + (y * side) + box.X, box.Width);
        }
        var full = tensor(data, [masks.Count, 2, side, side]);
        return nn.functional.avg_pool2d(full, factor).MoveToOuterDisposeScope();
    }
}
