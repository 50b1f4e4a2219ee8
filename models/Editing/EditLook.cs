using static TorchSharp.torch;

namespace FlexEdit.Models.Editing;

/// <summary>
/// How a thing looks, as the last sixteen tokens of an edit embedding: four by four squares of the autoencoder's code of its picture, each of two by two cells. A token holds
/// the cells' latents, how much of each the thing covers, and where the square is; it is normalised as a whole, which its places make undone.
/// Laid over the mask's box, a look is to a name what the pasted picture is to a subject (Chen et al. 2024, AnyDoor's collage).
/// </summary>
public static class EditLook
{
    /// <summary>Squares along a side.</summary>
    public const int Grid = 4;

    /// <summary>Cells along a side of a square.</summary>
    public const int Cells = 2;

    /// <summary>Tokens of a look.</summary>
    public const int Tokens = Grid * Grid;

    private const int Waves = 8, Places = 4 * Waves;

    /// <summary>Tokens of looks.</summary>
    /// <param name="code">Latents of pictures that the things fill, [B, C, 8, 8].</param>
    /// <param name="covered">Share of each cell that the thing covers, [B, 1, 8, 8].</param>
    /// <param name="width">Width of a token, more than 4 · (C + 1) + 32.</param>
    /// <returns>[B, 16, width], each token of zero mean and unit variance.</returns>
    public static Tensor Write(Tensor code, Tensor covered, int width)
    {
        using var scope = NewDisposeScope();
        var count = code.shape[0];
        var squares = cat([code, (covered * 2) - 1], 1).unfold(2, Cells, Cells).unfold(3, Cells, Cells).permute(0, 2, 3, 1, 4, 5).reshape(count, Tokens, -1);
        var places = stack([.. Enumerable.Range(0, Tokens).Select(square => cat([Wave(square % Grid), Wave(square / Grid)]))]).expand(count, -1, -1);
        var rest = zeros(count, Tokens, width - squares.shape[2] - Places);
        return nn.functional.layer_norm(cat([squares, places, rest], 2), [width]).MoveToOuterDisposeScope();
    }

    /// <summary>What <see cref="Write"/> was given, from tokens that may be somewhat wrong.</summary>
    /// <param name="embedding">An edit embedding [B, N, width], whose last 16 tokens are a look; zeros are the look of nothing.</param>
    /// <param name="channels">C.</param>
    /// <returns>Latents [B, C, 8, 8], and shares [B, 1, 8, 8] in 0 to 1.</returns>
    public static (Tensor Code, Tensor Covered) Read(Tensor embedding, int channels)
    {
        using var scope = NewDisposeScope();
        var (count, numbers) = (embedding.shape[0], (channels + 1) * Cells * Cells);
        var tokens = embedding.narrow(1, embedding.shape[1] - Tokens, Tokens).to(float32);
        // What was zero tells the mean that was taken away; sines and cosines, whose squares add up to one, tell what was divided by.
        var zero = tokens.narrow(2, numbers + Places, tokens.shape[2] - numbers - Places).mean([2], keepdim: true);
        var length = (tokens.narrow(2, numbers, Places) - zero).square().sum(dim: 2, keepdim: true).div(2 * Waves).sqrt();
        var there = length.gt(1e-3f).to(float32);
        var squares = (tokens.narrow(2, 0, numbers) - zero) / length.clamp_min(1e-3f) * there;
        var side = Grid * Cells;
        var map = squares.view(count, Grid, Grid, channels + 1, Cells, Cells).permute(0, 3, 1, 4, 2, 5).reshape(count, channels + 1, side, side);
        var share = there.view(count, 1, Grid, Grid).repeat_interleave(Cells, 2).repeat_interleave(Cells, 3);
        var covered = ((map.narrow(1, channels, 1) + 1) / 2).clamp(0, 1) * share;
        return (map.narrow(1, 0, channels).MoveToOuterDisposeScope(), covered.MoveToOuterDisposeScope());
    }

    /// <summary>The difference that a look makes to the scene's latent where the mask's box is, as a collage's.</summary>
    /// <param name="embedding">As for <see cref="Read"/>.</param>
    /// <param name="marks">From <see cref="EditConditions.MarksOf"/>.</param>
    /// <param name="scene">Latent of the scene, [B, C, h, w].</param>
    /// <returns>[B, C, h, w].</returns>
    public static Tensor Over(Tensor embedding, Tensor marks, Tensor scene)
    {
        using var scope = NewDisposeScope();
        var (code, covered) = Read(embedding, (int)scene.shape[1]);
        var places = (marks.narrow(1, 2, 2) / CollagePlacement.ObjectShare).permute(0, 2, 3, 1).contiguous();
        var laid = nn.functional.grid_sample(cat([code * covered, covered], 1), places, align_corners: false);
        var channels = scene.shape[1];
        return (laid.narrow(1, 0, channels) - (laid.narrow(1, channels, 1) * scene)).MoveToOuterDisposeScope();
    }

    private static Tensor Wave(int at)
    {
        var angles = arange(1, Waves + 1).to(float32) * ((at + 0.5f) / Grid * MathF.PI / 2);
        return cat([angles.sin(), angles.cos()]);
    }
}
