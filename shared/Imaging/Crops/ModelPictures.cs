using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;

namespace FlexEdit.Imaging.Crops;

/// <summary>
/// The pictures as a model reads them: squares of its resolution R. Every service cuts them with this same code, so that
/// what was understood is what is painted.
/// </summary>
public static class ModelPictures
{
    /// <summary>Share of the square that a cut-out subject fills, as in training.</summary>
    public const double SubjectShare = 0.9;

    /// <summary>Grey on which a transparent subject is shown: within the greys of training.</summary>
    public const byte SubjectGround = 200;

    /// <summary>Marked share of a cell from which the whole cell is marked: a thin line must not vanish in a large picture.</summary>
    private const double LeastShare = 1.0 / 8;

    /// <summary>The crop of a scene: R·R·3 bytes RGB, transparent parts over white. A crop that is no square is stretched.</summary>
    /// <param name="scene">The upright scene.</param>
    /// <param name="crop">A box inside it.</param>
    /// <param name="side">R.</param>
    public static byte[] Scene(RgbaImage scene, Box crop, int side) =>
        PictureResize.To(scene.Crop(crop).Over(255, 255, 255), side, side).Pixels;

    /// <summary>The crop of a mask: R·R bytes, 255 where marked. Where it shrinks, a cell is marked when an eighth of it is.</summary>
    /// <param name="mask">The mask, at the scene's size.</param>
    /// <param name="crop">A box inside it.</param>
    /// <param name="side">R.</param>
    public static byte[] Mask(Mask mask, Box crop, int side)
    {
        var cut = mask.Crop(crop);
        var cells = cut.Resize(side, side);
        for (var y = 0; y < side; y++)
        {
            var (top, bottom) = Range(y, side, crop.Height);
            for (var x = 0; x < side; x++)
            {
                var (left, right) = Range(x, side, crop.Width);
                if (cells[x, y] || (right - left) * (bottom - top) == 1)
                    continue;
                var count = 0;
                for (var row = top; row < bottom; row++)
                    count += cut.Row(row)[left..right].Count(Masks.Mask.Marked);
                cells[x, y] = count >= LeastShare * (right - left) * (bottom - top);
            }
        }
        return cells.Pixels;
    }

    /// <summary>
    /// A subject letterboxed to R·R. With transparency: its visible part, the longer side <see cref="SubjectShare"/> of the
    /// square, on grey, with its opacity. Without: the whole picture on the mean colour of its border.
    /// </summary>
    /// <param name="subject">The upright subject.</param>
    /// <param name="side">R.</param>
    /// <returns>R·R·3 bytes RGB, and R·R bytes of opacity or null where the picture has no transparency.</returns>
    public static (byte[] Rgb, byte[]? Alpha) Subject(RgbaImage subject, int side)
    {
        var fit = SubjectFit.Of(subject, side);
        if (!fit.Transparent)
        {
            var (red, green, blue) = BorderColour(subject);
            return (Fit(subject.WithoutAlpha().ToRgba(), fit, side).Over(red, green, blue).Pixels, null);
        }

        var fitted = Fit(subject, fit, side);
        return (fitted.Over(SubjectGround, SubjectGround, SubjectGround).Pixels, fitted.Alpha().Pixels);
    }

    private static (int First, int End) Range(int cell, int cells, int length)
    {
        var first = (int)((long)cell * length / cells);
        return (first, Math.Max(first + 1, (int)((long)(cell + 1) * length / cells)));
    }

    private static RgbaImage Fit(RgbaImage picture, SubjectFit fit, int side)
    {
        var resized = PictureResize.To(picture.Crop(fit.Source), fit.Target.Width, fit.Target.Height);
        var square = new RgbaImage(side, side);
        for (var y = 0; y < fit.Target.Height; y++)
            resized.Row(y).CopyTo(square.Row(fit.Target.Y + y)[(fit.Target.X * 4)..]);
        return square;
    }

    private static (byte Red, byte Green, byte Blue) BorderColour(RgbaImage picture)
    {
        Span<long> sums = stackalloc long[3];
        var count = 0;
        for (var y = 0; y < picture.Height; y++)
        {
            var step = y == 0 || y == picture.Height - 1 ? 1 : Math.Max(1, picture.Width - 1);
            for (var x = 0; x < picture.Width; x += step, count++)
            {
                var pixel = picture.Pixel(x, y);
                for (var band = 0; band < 3; band++)
                    sums[band] += pixel[band];
            }
        }
        return ((byte)(sums[0] / count), (byte)(sums[1] / count), (byte)(sums[2] / count));
    }
}
