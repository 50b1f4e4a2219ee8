using FlexEdit.Masks;

namespace FlexEdit.Training.World;

/// <summary>The picture of a subject as a user would send it: the object in the middle, on plain or photographic ground.</summary>
internal static class SubjectPicture
{
    /// <summary>The object's longer side divided by the picture's.</summary>
    private const double Share = 0.9;

    /// <summary>Draws one; returns the picture and the object's opacity.</summary>
    public static (byte[] Picture, byte[] Alpha) Draw(
        WorldObject thing, PhotoChoice photos, int side, SeededRandom random)
    {
        var canvas = Ground(photos, side, random);
        var alpha = new byte[side * side];
        canvas.DrawObject(thing, side / 2.0, side / 2.0, side * Share, mirror: false, alpha);
        return (canvas.Rgb, alpha);
    }

    private static Canvas Ground(PhotoChoice photos, int side, SeededRandom random)
    {
        var canvas = new Canvas(side);
        switch (random.Next(4))
        {
            case 0:
                canvas.Fill(255, 255, 255);
                return canvas;
            case 1:
                var grey = (byte)random.Between(120, 240);
                canvas.Fill(grey, grey, grey);
                return canvas;
            case 2:
                canvas.Fill((byte)random.Between(60, 255), (byte)random.Between(60, 255), (byte)random.Between(60, 255));
                return canvas;
            default:
                var view = SceneView.Random(photos, 2 * side, random);
                return view.Draw(
                    new Box(random.Next(view.Width - side + 1), random.Next(view.Height - side + 1), side, side), side);
        }
    }
}
