using static TorchSharp.torch;

namespace FlexEdit.Training.Judges;

/// <summary>
/// Turns bytes into the tensors that the judges train on, with changes that the edited models never saw: turned, stretched, blurred by a coarse
/// resolution, brighter or darker, noisy.
/// </summary>
internal static class JudgePixels
{
    /// <summary>Pictures of one size as [batch, 3, side, side] in [-1, 1].</summary>
    public static Tensor Of(IReadOnlyList<byte[]> pictures, int side)
    {
        using var scope = NewDisposeScope();
        var all = new byte[pictures.Count * side * side * 3];
        foreach (var (i, picture) in pictures.Index())
            picture.CopyTo(all, i * side * side * 3);
        return tensor(all).view(pictures.Count, side, side, 3).permute(0, 3, 1, 2).to(float32).div_(127.5f).sub_(1f).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>Other views of the pictures.</summary>
    /// <param name="pixels">[batch, 3, S, S].</param>
    /// <param name="side">Of the views.</param>
    /// <param name="smallest">Least part of the picture's side that a view shows.</param>
    /// <param name="largest">Greatest part.</param>
    /// <param name="turn">Most turn, radians.</param>
    /// <param name="flip">Whether half of them are mirrored.</param>
    public static Tensor Views(Tensor pixels, int side, double smallest, double largest, double turn, bool flip)
    {
        using var scope = NewDisposeScope();
        var count = pixels.shape[0];
        Tensor Uniform(double low, double high) => rand(count).mul_((float)(high - low)).add_((float)low);
        var share = Uniform(smallest, largest);
        var stretch = Uniform(-0.16, 0.16).exp();
        var angle = Uniform(-turn, turn);
        var mirror = flip ? rand(count).gt(0.5f).to(float32).mul_(2f).sub_(1f) : ones(count);
        // Where the view's centre may lie so that it stays inside.
        var (dx, dy) = (Uniform(-1, 1) * (1 - share).clamp_min(0f), Uniform(-1, 1) * (1 - share).clamp_min(0f));
        var (cos, sin) = (angle.cos(), angle.sin());
        var (w, h) = (share * stretch, share / stretch);
        var theta = stack([stack([w * cos * mirror, -h * sin, dx], 1), stack([w * sin * mirror, h * cos, dy], 1)], 1);
        var grid = nn.functional.affine_grid(theta, [count, 3, side, side], align_corners: false);
        var views = nn.functional.grid_sample(pixels, grid, mode: GridSampleMode.Bilinear, padding_mode: GridSamplePaddingMode.Reflection, align_corners: false);
        return Degrade(views, side).MoveToOuterDisposeScope();
    }

    private static Tensor Degrade(Tensor views, int side)
    {
        if (System.Random.Shared.NextDouble() < 0.4)
        {
            var coarse = System.Random.Shared.Next((int)(side * 0.4), side);
            views = nn.functional.interpolate(
                nn.functional.adaptive_avg_pool2d(views, coarse), [side, side], mode: InterpolationMode.Bilinear, align_corners: false);
        }
        var count = views.shape[0];
        var contrast = rand(count, 1, 1, 1).mul_(0.5f).add_(0.75f);
        var light = rand(count, 1, 1, 1).mul_(0.4f).sub_(0.2f);
        var noise = rand(count, 1, 1, 1).mul_(0.06f);
        return ((views * contrast) + light + (randn_like(views) * noise)).clamp_(-1f, 1f);
    }
}
