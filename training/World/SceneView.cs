using FlexEdit.Masks;

namespace FlexEdit.Training.World;

/// <summary>
/// A photograph taken for a picture of a chosen size, and the crop of it that the service would cut around a mask,
/// drawn at the model's side.
/// </summary>
internal sealed class SceneView
{
    private readonly WorldPhoto _photo;
    private readonly double _photoPerPixel;
    private readonly bool _mirror;

    private SceneView(WorldPhoto photo, double photoPerPixel, bool mirror)
    {
        (_photo, _photoPerPixel, _mirror) = (photo, photoPerPixel, mirror);
        (Width, Height) = ((int)(photo.Width / photoPerPixel), (int)(photo.Height / photoPerPixel));
    }

    /// <summary>The picture's width, pixels.</summary>
    public int Width { get; }

    /// <summary>The picture's height, pixels.</summary>
    public int Height { get; }

    /// <summary>Takes a photograph at a random scale, at least <paramref name="shortest"/> pixels on its shorter side.</summary>
    public static SceneView Random(PhotoChoice photos, int shortest, SeededRandom random)
    {
        var photo = photos.Pick(random);
        var coarsest = (double)Math.Min(photo.Width, photo.Height) / shortest;
        var scale = Math.Min(random.Between(0.8, 3.2), coarsest);
        return new SceneView(photo, Math.Max(scale, 0.25), random.Chance(0.5));
    }

    /// <summary>The photograph under a crop, without any object.</summary>
    public Canvas Draw(Box crop, int side)
    {
        var canvas = new Canvas(side);
        // The square of a mirrored photograph lies at the other end of it.
        var x = _mirror ? _photo.Width - (crop.Right * _photoPerPixel) : crop.X * _photoPerPixel;
        canvas.DrawPhoto(_photo, x, crop.Y * _photoPerPixel, crop.Width * _photoPerPixel, _mirror);
        return canvas;
    }
}
