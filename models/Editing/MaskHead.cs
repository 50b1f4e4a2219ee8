using FlexEdit.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.Editing;

/// <summary>
/// Predicts the mask of the whole object from a free-shape mask: a vector made from the image tokens' states is compared with an embedding
/// of every pixel (as in LISA, Lai et al. 2024, section 3.2). Pixel embeddings come from the picture's patch features and, for sharp edges, from the pixels.
/// </summary>
public sealed class MaskHead : nn.Module
{
    private readonly Sequential query;
    private readonly Linear patches;
    private readonly SquareConv2d pixels, mix, embed;
    private readonly int grid, scale, width;

    /// <summary>Builds the head with random weights.</summary>
    /// <param name="stateWidth">Width of the language model's states.</param>
    /// <param name="grid">Patches along a side.</param>
    /// <param name="resolution">Side R of the crop; the mask is predicted at R/2.</param>
    /// <param name="width">Width of the pixel embedding.</param>
    public MaskHead(int stateWidth, int grid, int resolution, int width = 32)
        : base(nameof(MaskHead))
    {
        (this.grid, scale, this.width) = (grid, resolution / 2 / grid, width);
        query = nn.Sequential(nn.Linear(stateWidth, stateWidth), nn.GELU(), nn.Linear(stateWidth, width));
        patches = nn.Linear(stateWidth, width * scale * scale);
        pixels = new SquareConv2d(12, width, 3, padding: 1);
        mix = new SquareConv2d(width, width, 3, padding: 1);
        embed = new SquareConv2d(width, width, 3, padding: 1);
        RegisterComponents();
    }

    /// <summary>Logits of the mask.</summary>
    /// <param name="states">States of the image tokens, [B, N, width].</param>
    /// <param name="features">Patch features of pic1 as the language model reads them, [B, grid·grid, width].</param>
    /// <param name="picture">Pic1 with the mask drawn on it, [B, 3, R, R] in [-1, 1].</param>
    /// <returns>[B, 1, R/2, R/2].</returns>
    public Tensor Forward(Tensor states, Tensor features, Tensor picture)
    {
        using var scope = NewDisposeScope();
        var batch = states.shape[0];
        var wanted = query.call(states.mean([1])); // [B, width]
        var coarse = patches.call(features).transpose(1, 2).reshape(batch, width * scale * scale, grid, grid);
        var fine = pixels.call(nn.functional.pixel_unshuffle(picture, 2));
        var mixed = nn.functional.silu(nn.functional.pixel_shuffle(coarse, scale) + fine);
        var embedded = embed.call(nn.functional.silu(mix.call(mixed)) + mixed); // [B, width, R/2, R/2]
        return einsum("bc,bchw->bhw", wanted, embedded).unsqueeze(1).div(Math.Sqrt(width)).MoveToOuterDisposeScope();
    }
}
