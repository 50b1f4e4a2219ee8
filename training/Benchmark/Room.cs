using FlexEdit.Masks;
using FlexEdit.Training.World;

namespace FlexEdit.Training.Benchmark;

/// <summary>
/// An indoor scene: the world's photographs are of the outdoors, so a room is drawn: a wall, a floor of planks, a skirting board, a window or picture
/// with a photograph, and a board along the wall. No model has seen one.
/// </summary>
internal static class Room
{
    /// <summary>Draws one.</summary>
    public static Canvas Draw(int side, WorldPhoto view, SeededRandom random)
    {
        var canvas = new Canvas(side);
        var horizon = (int)(side * random.Between(0.55, 0.72));
        var (wall, floor) = (Colour(random, 120, 225), Wood(random));
        var (stripe, contrast) = (random.Next(3) == 0 ? 0 : random.Between(9, 26), random.Between(3, 14));
        for (var y = 0; y < side; y++)
        {
            for (var x = 0; x < side; x++)
            {
                var light = 1.05 - (0.25 * x / side) - (0.1 * y / side);
                if (y < horizon)
                    Paint(canvas, x, y, wall, light, stripe > 0 && (int)(x / stripe) % 2 == 0 ? contrast : 0, random);
                else
                    Paint(canvas, x, y, floor, light, Plank(x, y, side, horizon), random);
            }
        }
        var (skirting, board) = (Colour(random, 190, 245), Wood(random));
        Bar(canvas, new Box(0, horizon - 7, side, 7), skirting, random);
        Hang(canvas, view, side, horizon, random);
        if (random.Chance(0.5))
            Bar(canvas, new Box(random.Next(side / 3), horizon - (int)(side * random.Between(0.1, 0.2)), (int)(side * random.Between(0.35, 0.6)), 6), board, random);
        return canvas;
    }

    // Planks run away from the viewer: their joints meet far above the horizon.
    private static double Plank(int x, int y, int side, int horizon)
    {
        var depth = (y - horizon + 40.0) / (side - horizon + 40);
        var along = (x - (side / 2.0)) / (side * depth) * 9;
        return Math.Abs(along - Math.Round(along)) < 0.035 ? -28 : ((int)Math.Round(along) & 1) * 6;
    }

    private static void Hang(Canvas canvas, WorldPhoto view, int side, int horizon, SeededRandom random)
    {
        var size = (int)Math.Min(side * random.Between(0.28, 0.42), horizon - 24);
        var (left, top) = (8 + random.Next(side - size - 16), 8 + random.Next(Math.Max(1, horizon - size - 16)));
        Bar(canvas, new Box(left - 5, top - 5, size + 10, size + 10), random.Chance(0.5) ? Wood(random) : (235, 235, 232), random);
        var picture = new Canvas(size);
        var cut = Math.Min(view.Width, view.Height) * random.Between(0.5, 0.95);
        picture.DrawPhoto(view, random.Between(0, view.Width - cut), random.Between(0, view.Height - cut), cut, mirror: random.Chance(0.5));
        for (var y = 0; y < size; y++)
            Array.Copy(picture.Rgb, y * size * 3, canvas.Rgb, (((top + y) * side) + left) * 3, size * 3);
    }

    private static void Bar(Canvas canvas, Box box, (double Red, double Green, double Blue) colour, SeededRandom random)
    {
        box = box.Intersect(new Box(0, 0, canvas.Side, canvas.Side));
        for (var y = box.Y; y < box.Bottom; y++)
        {
            for (var x = box.X; x < box.Right; x++)
                Paint(canvas, x, y, colour, y == box.Bottom - 1 || x == box.Right - 1 ? 0.7 : 1, 0, random);
        }
    }

    private static void Paint(Canvas canvas, int x, int y, (double Red, double Green, double Blue) colour, double light, double more, SeededRandom random)
    {
        var grain = more + random.Between(-3, 3);
        var at = ((y * canvas.Side) + x) * 3;
        canvas.Rgb[at] = (byte)Math.Clamp((colour.Red * light) + grain, 0, 255);
        canvas.Rgb[at + 1] = (byte)Math.Clamp((colour.Green * light) + grain, 0, 255);
        canvas.Rgb[at + 2] = (byte)Math.Clamp((colour.Blue * light) + grain, 0, 255);
    }

    private static (double Red, double Green, double Blue) Colour(SeededRandom random, double low, double high)
    {
        var grey = random.Between(low, high);
        return (grey + random.Between(-18, 18), grey + random.Between(-18, 18), grey + random.Between(-18, 18));
    }

    private static (double Red, double Green, double Blue) Wood(SeededRandom random)
    {
        var tone = random.Between(70, 175);
        return (tone, tone * random.Between(0.68, 0.8), tone * random.Between(0.4, 0.58));
    }
}
