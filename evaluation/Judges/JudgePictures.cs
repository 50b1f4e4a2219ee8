using FlexEdit.Imaging;
using FlexEdit.Imaging.Pixels;
using static TorchSharp.torch;

namespace FlexEdit.Evaluation.Judges;

/// <summary>Pictures as the judges read them.</summary>
internal static class JudgePictures
{
    /// <summary>The whole picture squeezed to the judges' square: [1, 3, 64, 64] in [-1, 1].</summary>
    public static Tensor Square(RgbImage picture) => ToTensor(PictureResize.To(picture, JudgeTrunk.Side, JudgeTrunk.Side));

    /// <summary>[1, 3, H, W] in [-1, 1].</summary>
    public static Tensor ToTensor(RgbImage picture)
    {
        using var scope = NewDisposeScope();
        return tensor(picture.Pixels).view(1, picture.Height, picture.Width, 3).permute(0, 3, 1, 2).to(float32).div_(127.5f).sub_(1f).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>[1, n] as a unit vector.</summary>
    public static float[] Unit(Tensor row)
    {
        var values = row.to(float32).cpu().data<float>().ToArray();
        var length = Math.Max(1e-12, Math.Sqrt(values.Sum(v => (double)v * v)));
        return [.. values.Select(v => (float)(v / length))];
    }
}
