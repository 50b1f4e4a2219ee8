using FlexEdit.Imaging;
using FlexEdit.Imaging.Crops;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;
using FlexEdit.Models.Editing;

namespace FlexEdit.Compositing;

/// <summary>The subject as the model was shown it within the scene, at the scene's own resolution.</summary>
public sealed class SubjectLayer
{
    private readonly RgbaImage _picture;
    private readonly double _left, _top;

    private SubjectLayer(RgbaImage picture, double left, double top) => (_picture, _left, _top) = (picture, left, top);

    /// <summary>Puts the subject where the collage has it.</summary>
    /// <param name="subject">The upright subject.</param>
    /// <param name="pasted">The model's collage.</param>
    /// <param name="crop">The crop that was given to the model.</param>
    /// <param name="side">R.</param>
    public static SubjectLayer Of(RgbaImage subject, PastedSubject pasted, Box crop, int side)
    {
        var fit = SubjectFit.Of(subject, side);
        var place = pasted.Placement;
        var (scaleX, scaleY) = (place.Scale * crop.Width / side, place.Scale * crop.Height / side);
        var width = Math.Max(1, (int)Math.Round(fit.Target.Width * scaleX));
        var height = Math.Max(1, (int)Math.Round(fit.Target.Height * scaleY));
        var picture = PictureResize.To(subject.Crop(fit.Source), width, height);
        if (!fit.Transparent && pasted.Alpha is { } alpha)
            CutOut(picture, alpha, fit.Target, side);
        var left = ((fit.Target.X - place.FromX) * scaleX) + (place.CentreX * crop.Width / side);
        var top = ((fit.Target.Y - place.FromY) * scaleY) + (place.CentreY * crop.Height / side);
        return new SubjectLayer(picture, left, top);
    }

    /// <summary>Draws what of the subject lies on row <paramref name="y"/> of the crop over it, three samples a pixel.</summary>
    internal void DrawOn(Span<float> row, int y)
    {
        var v = y - _top;
        if (v <= -1 || v >= _picture.Height)
            return;
        var first = Math.Max(0, (int)Math.Floor(_left));
        var last = Math.Min((row.Length / 3) - 1, (int)Math.Ceiling(_left + _picture.Width));
        var picture = new Sampled(_picture);
        Span<float> sample = stackalloc float[4];
        for (var x = first; x <= last; x++)
        {
            sample.Clear();
            BilinearSample.Add(picture, x - _left, v, sample);
            for (var band = 0; band < 3; band++)
                row[(x * 3) + band] = (row[(x * 3) + band] * (1 - sample[3])) + sample[band];
        }
    }

    // Gives a picture without transparency the opacity that the model's cut of it was given.
    private static void CutOut(RgbaImage picture, byte[] alpha, Box target, int side)
    {
        var small = new GrayImage(target.Width, target.Height);
        for (var y = 0; y < target.Height; y++)
            alpha.AsSpan(((target.Y + y) * side) + target.X, target.Width).CopyTo(small.Row(y));
        var opacity = PictureResize.To(small, picture.Width, picture.Height);
        for (var i = 0; i < opacity.Pixels.Length; i++)
            picture.Pixels[(i * 4) + 3] = opacity.Pixels[i];
    }

    private readonly struct Sampled(RgbaImage picture) : ISampledPicture
    {
        public int Width => picture.Width;

        public int Height => picture.Height;

        public void Add(int x, int y, float weight, Span<float> sum)
        {
            var pixel = picture.Pixel(x, y);
            var opacity = weight * pixel[3] / 255f;
            for (var band = 0; band < 3; band++)
                sum[band] += pixel[band] * opacity;
            sum[3] += opacity;
        }
    }
}
