using FlexEdit.Masks;

namespace FlexEdit.Training.World;

/// <summary>Where an object stands: its centre, its extent and whether it is mirrored, in pixels of a picture or of a crop.</summary>
internal readonly record struct Place(double X, double Y, double Width, double Height, bool Mirror)
{
    /// <summary>The longer side.</summary>
    public double Longer => Math.Max(Width, Height);

    /// <summary>Somewhere wholly inside of a picture; a quarter of them at its edge, where crops cannot be centred.</summary>
    public static Place Random(WorldObject thing, SceneView view, double longer, bool mirror, SeededRandom random)
    {
        var scale = longer / thing.LongerSide;
        var (width, height) = (thing.Width * scale, thing.Height * scale);
        return new Place(Along(view.Width, width, random), Along(view.Height, height, random), width, height, mirror);
    }

    /// <summary>The same place in a square crop drawn at another side.</summary>
    public Place Within(Box crop, int side)
    {
        var scale = (double)side / crop.Width;
        return new Place((X - crop.X) * scale, (Y - crop.Y) * scale, Width * scale, Height * scale, Mirror);
    }

    /// <summary>The part of a picture that a rough mask of this place can reach.</summary>
    public Box Reach(int width, int height)
    {
        var half = (int)Math.Ceiling(Longer * 1.25);
        return new Box((int)X - half, (int)Y - half, 2 * half, 2 * half).Intersect(new Box(0, 0, width, height));
    }

    /// <summary>A box at this place inside of a window, with other proportions but the same longer side.</summary>
    public Box Loose(Box window, double stretch)
    {
        var aspect = Math.Clamp(Width / Height * stretch, 0.5, 2);
        var width = Math.Min(window.Width, (int)Math.Round(aspect >= 1 ? Longer : Longer * aspect));
        var height = Math.Min(window.Height, (int)Math.Round(aspect >= 1 ? Longer / aspect : Longer));
        return new Box(
            Math.Clamp((int)Math.Round(X - window.X - (width / 2.0)), 0, window.Width - width),
            Math.Clamp((int)Math.Round(Y - window.Y - (height / 2.0)), 0, window.Height - height),
            width,
            height);
    }

    private static double Along(int length, double size, SeededRandom random)
    {
        var (low, high) = (size / 2, Math.Max(size / 2, length - (size / 2)));
        var at = random.Between(low, high);
        if (!random.Chance(0.125))
            return at;
        var near = Math.Min(high - low, size) * random.NextDouble();
        return random.Chance(0.5) ? low + near : high - near;
    }
}
