using static TorchSharp.torch;

namespace FlexEdit.Models.Editing;

/// <summary>
/// What does not change while an edit is sampled, as tensors with one row an edit. Owned by the caller's dispose scope.
/// </summary>
public sealed record EditConditions
{
    private const int Waves = 4;

    /// <summary>Channels of <see cref="MarksOf"/>: two shares, two places, and sine and cosine of these at four frequencies.</summary>
    public const int MarkChannels = 4 + (4 * Waves);

    /// <summary>Latent of the scene, [B, C, h, w].</summary>
    public required Tensor Scene { get; init; }
    /// <summary>Latent of the collage minus that of the scene, zero without a subject, [B, C, h, w]; null for a network without it.</summary>
    public Tensor? Collage { get; init; }
    /// <summary>What <see cref="MarksOf"/> gives, [B, <see cref="MarkChannels"/>, h, w]; null for a network without a mask.</summary>
    public Tensor? Marks { get; init; }
    /// <summary>1 where the scene is given, 0 where guidance drops it, [B, 1, 1, 1].</summary>
    public required Tensor KeepScene { get; init; }

    /// <summary>
    /// Channels from masks of side R: the shares of each latent cell that the mask and its box cover, 0 to 1, and how far right and down of the box's middle the cell is,
    /// in halves of the box's longer side, -2 to 2, with their sines and cosines of four frequencies. They tell a network where in a thing a cell is that has to fill the
    /// box (after Liu et al. 2018, CoordConv), in the form in which attention compares places.
    /// </summary>
    /// <param name="masks">One mask an edit, R·R bytes.</param>
    /// <param name="boxes">Its box (<see cref="EditPlace"/>).</param>
    /// <param name="side">R.</param>
    /// <param name="factor">Pixels a latent cell.</param>
    public static Tensor MarksOf(IReadOnlyList<byte[]> masks, IReadOnlyList<MarkBox> boxes, int side, int factor)
    {
        using var scope = NewDisposeScope();
        var cells = side / factor;
        var data = new float[masks.Count * 2 * side * side];
        var places = new float[masks.Count * 2 * cells * cells];
        var waves = arange(1, Waves + 1).to(float32).view(1, -1, 1, 1, 1) * (MathF.PI / 4);
        for (var i = 0; i < masks.Count; i++)
        {
            var box = boxes[i];
            var at = i * 2 * side * side;
            for (var j = 0; j < side * side; j++)
                data[at + j] = masks[i][j] >= 128 ? 1 : 0;
            at += side * side;
            for (var y = box.Y; y < box.Y + box.Height; y++)
                Array.Fill(data, 1f, at + (y * side) + box.X, box.Width);
            for (var cell = 0; cell < cells * cells; cell++)
            {
                var place = (i * 2 * cells * cells) + cell;
                places[place] = Along(cell % cells, box.X, box.Width, box.LongerSide);
                places[place + (cells * cells)] = Along(cell / cells, box.Y, box.Height, box.LongerSide);
            }
        }
        var shares = nn.functional.avg_pool2d(tensor(data, [masks.Count, 2, side, side]), factor);
        var along = tensor(places, [masks.Count, 2, cells, cells]);
        var angles = ((along + 1).unsqueeze(1) * waves).flatten(1, 2);
        return cat([shares, along, angles.sin(), angles.cos()], 1).MoveToOuterDisposeScope();

        float Along(int cell, int from, int length, int longer) => Math.Clamp((((cell + 0.5f) * factor) - from - (length / 2f)) / (longer / 2f), -2, 2);
    }
}
