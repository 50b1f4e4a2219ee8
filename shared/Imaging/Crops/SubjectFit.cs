using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;

namespace FlexEdit.Imaging.Crops;

/// <summary>Which part of a subject's picture is shown where in the square that a model reads.</summary>
/// <param name="Source">The part, pixels of the picture.</param>
/// <param name="Target">Where it is shown, pixels of the square.</param>
/// <param name="Transparent">Whether the picture has transparency that cuts its object out.</param>
public readonly record struct SubjectFit(Box Source, Box Target, bool Transparent)
{
    /// <summary>
    /// With transparency the visible part, its longer side <see cref="ModelPictures.SubjectShare"/> of the square; without, the whole picture.
    /// </summary>
    /// <param name="subject">The upright subject.</param>
    /// <param name="side">R.</param>
    public static SubjectFit Of(RgbaImage subject, int side)
    {
        var alpha = subject.Alpha();
        var visible = Mask.FromSamples(alpha.Pixels, alpha.Width, alpha.Height, threshold: 1);
        var transparent = !visible.IsEmpty && alpha.Pixels.AsSpan().ContainsAnyExcept((byte)255);
        var source = transparent ? visible.Bounds : subject.Frame;
        var longer = transparent ? (int)Math.Round(ModelPictures.SubjectShare * side) : side;
        var scale = (double)longer / source.LongerSide;
        var width = Math.Clamp((int)Math.Round(source.Width * scale), 1, side);
        var height = Math.Clamp((int)Math.Round(source.Height * scale), 1, side);
        return new SubjectFit(source, new Box((side - width) / 2, (side - height) / 2, width, height), transparent);
    }
}
