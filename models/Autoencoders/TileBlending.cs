using static TorchSharp.torch;

namespace FlexEdit.Models.Autoencoders;

/// <summary>
/// Computes a map square by square and blends the squares linearly where they overlap, by diffusers' formula: row y of an overlap of n rows
/// is (1 − y/n) of the upper square and y/n of the lower one; rows first, then columns, each blended square serving the next.
/// </summary>
public static class TileBlending
{
    /// <summary>Distance between the beginnings of two squares.</summary>
    internal static int Stride(int side, double overlap) => (int)(side * (1 - overlap));

    /// <summary>Runs a network over the squares of its input.</summary>
    /// <param name="input">[B, C, H, W].</param>
    /// <param name="inputSide">Side of a square of the input.</param>
    /// <param name="outputSide">Side of what the network makes of it.</param>
    /// <param name="overlap">Share of a square that overlaps the next one.</param>
    /// <param name="network">From [B, C, h, w] to [B, c, h·r, w·r], r being <paramref name="outputSide"/> / <paramref name="inputSide"/>.</param>
    /// <returns>[B, c, H·r, W·r].</returns>
    public static Tensor Run(Tensor input, int inputSide, int outputSide, double overlap, Func<Tensor, Tensor> network)
    {
        using var scope = NewDisposeScope();
        var stride = Stride(inputSide, overlap);
        var extent = (int)(outputSide * overlap);
        var kept = outputSide - extent;
        List<Tensor> bands = [];
        Tensor[] above = [];
        for (var top = 0; top < input.shape[2]; top += stride)
        {
            List<Tensor> row = [];
            for (var left = 0; left < input.shape[3]; left += stride)
            {
                var (height, width) = (Math.Min(inputSide, input.shape[2] - top), Math.Min(inputSide, input.shape[3] - left));
                var tile = network(input.narrow(2, top, height).narrow(3, left, width));
                if (above.Length > 0)
                    tile = Blend(above[row.Count], tile, extent, 2);
                if (row.Count > 0)
                    tile = Blend(row[^1], tile, extent, 3);
                row.Add(tile);
            }
            bands.Add(cat(row.Select(tile => First(First(tile, kept, 2), kept, 3)).ToArray(), 3));
            above = [.. row];
        }
        return cat(bands.ToArray(), 2).MoveToOuterDisposeScope();
    }

    /// <summary>A square whose beginning goes over from the end of the one before it.</summary>
    /// <param name="before">The square before.</param>
    /// <param name="tile">The square.</param>
    /// <param name="extent">Rows or columns that both share, at most.</param>
    /// <param name="dimension">2 for rows, 3 for columns.</param>
    public static Tensor Blend(Tensor before, Tensor tile, int extent, int dimension)
    {
        using var scope = NewDisposeScope();
        var shared = Math.Min(Math.Min(before.shape[dimension], tile.shape[dimension]), extent);
        if (shared == 0)
            return tile.alias().MoveToOuterDisposeScope();
        var share = arange(shared, tile.dtype, tile.device) / shared;
        share = dimension == 2 ? share.view(1, 1, -1, 1) : share;
        var both = (before.narrow(dimension, before.shape[dimension] - shared, shared) * (1 - share)) + (tile.narrow(dimension, 0, shared) * share);
        return cat([both, tile.narrow(dimension, shared, tile.shape[dimension] - shared)], dimension).MoveToOuterDisposeScope();
    }

    private static Tensor First(Tensor tile, int count, int dimension) => tile.narrow(dimension, 0, Math.Min(count, tile.shape[dimension]));
}
