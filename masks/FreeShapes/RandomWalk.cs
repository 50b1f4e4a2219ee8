using FlexEdit.Masks.Shapes;

namespace FlexEdit.Masks.FreeShapes;

/// <summary>
/// The random walk W of the FlexEdit paper (section 4.1.1): from an object's mask to a free-shape mask. A brush walks over the object with a slowly
/// changing direction, turns round at the border, and stops when it has covered the share that was drawn; now and then it is lifted. The paper gives
/// no parameters; ours are <see cref="RandomWalkOptions"/>. What is drawn depends on the arguments and the generator's state alone.
/// </summary>
public static class RandomWalk
{
    private const int MostSteps = 400, MostPieces = 8, Turns = 10;

    /// <summary>W as a mask.</summary>
    /// <param name="objectMask">The object, not empty; its size is the result's.</param>
    /// <param name="random">Source of all chance.</param>
    /// <param name="options">Null for the usual ones.</param>
    /// <returns>A mask that is not empty.</returns>
    /// <exception cref="ArgumentException">The object is empty.</exception>
    public static Mask Draw(Mask objectMask, SeededRandom random, RandomWalkOptions? options = null)
    {
        var mask = MarkRasteriser.Draw(Marks(objectMask, random, options), objectMask.Width, objectMask.Height);
        if (mask.IsEmpty)
        {
            // A brush of one pixel may fall between the centres of a tiny object.
            var box = objectMask.Bounds;
            mask[box.X + Math.Max(0, objectMask.Row(box.Y)[box.X..].IndexOf(Mask.Marked)), box.Y] = true;
        }
        return mask;
    }

    /// <summary>W as strokes of the API's <c>mask_shapes</c>.</summary>
    /// <inheritdoc cref="Draw"/>
    public static IReadOnlyList<MarkShape> Marks(Mask objectMask, SeededRandom random, RandomWalkOptions? options = null)
    {
        options ??= new RandomWalkOptions();
        var box = objectMask.Bounds;
        if (box.IsEmpty)
            throw new ArgumentException("There is no object to walk on.", nameof(objectMask));
        var area = (double)objectMask.Count;
        var share = Math.Min(options.MaxCoverage, options.Coverage * Math.Exp(options.CoverageSpread * random.NextNormal()));
        // Who covers little draws thin lines, not short ones.
        var radius = Math.Max(1, Math.Sqrt(area * share / options.Coverage) * random.Between(options.MinBrush, options.MaxBrush));
        // A stroke covers its length times its width, and a disc at its ends.
        var length = Math.Max(0, ((share * area) - (Math.PI * radius * radius)) / (2 * radius));

        var walk = new Walk(objectMask, box, radius, options, random);
        var strokes = new List<MarkShape>();
        for (var piece = 0; piece < MostPieces && (piece == 0 || length > radius); piece++)
        {
            var part = random.Chance(options.Lift) ? length * random.Between(0.3, 0.7) : length;
            var points = walk.Go(part, extent: piece == 0);
            strokes.Add(new StrokeMark(points, FreeShape.Round(radius)));
            length -= Math.Max(radius, (points.Count - 1) * radius) + (piece == 0 ? 0 : 2 * radius);
        }
        return strokes;
    }

    private readonly struct Walk(Mask mask, Box box, double radius, RandomWalkOptions options, SeededRandom random)
    {
        public List<MarkPoint> Go(double length, bool extent)
        {
            var (x, y) = Start();
            var angle = extent ? LongestWay(x, y) : random.Between(0, 2 * Math.PI);
            var points = new List<MarkPoint> { Point(x, y) };
            var steps = Math.Min(MostSteps, (int)Math.Round(length / radius));
            for (var i = 0; i < steps; i++)
            {
                angle += options.Wander * random.NextNormal();
                if (!Turn(x, y, ref angle))
                    break;
                (x, y) = (x + (Math.Cos(angle) * radius), y + (Math.Sin(angle) * radius));
                points.Add(Point(x, y));
            }
            return points;
        }

        // Turns further and further, to either side, until the next step stays on the object.
        private bool Turn(double x, double y, ref double angle)
        {
            if (random.Chance(options.Stray) && Inside(x + (Math.Cos(angle) * radius), y + (Math.Sin(angle) * radius)))
                return true;
            var side = random.Chance(0.5) ? 1 : -1;
            for (var turn = 0; turn < Turns; turn++)
            {
                var tried = angle + (side * turn * Math.PI / Turns * random.Between(0.8, 1.2));
                if (Fits(x + (Math.Cos(tried) * radius), y + (Math.Sin(tried) * radius)))
                {
                    angle = tried;
                    return true;
                }
                side = -side;
            }
            return false;
        }

        private (double X, double Y) Start()
        {
            // Thin objects have no place for the whole brush: the later tries ask for its centre only.
            for (var tries = 0; tries < 96; tries++)
            {
                var (x, y) = (box.X + (box.Width * random.NextDouble()), box.Y + (box.Height * random.NextDouble()));
                if (tries < 48 ? Fits(x, y) : Inside(x, y))
                    return (x, y);
            }
            var first = mask.Row(box.Y).IndexOf(Mask.Marked);
            return (first + 0.5, box.Y + 0.5);
        }

        // People go from end to end before they fill in.
        private double LongestWay(double x, double y)
        {
            var (best, longest) = (0.0, -1.0);
            var first = random.Between(0, 2 * Math.PI);
            for (var i = 0; i < 8; i++)
            {
                var angle = first + (i * Math.PI / 4);
                var way = 0.0;
                while (way < 2000 && Inside(x + (Math.Cos(angle) * way), y + (Math.Sin(angle) * way)))
                    way += radius;
                if (way > longest)
                    (best, longest) = (angle, way);
            }
            return best;
        }

        private bool Fits(double x, double y)
        {
            var reach = radius * 0.8;
            return Inside(x, y) && Inside(x - reach, y) && Inside(x + reach, y) && Inside(x, y - reach) && Inside(x, y + reach);
        }

        private bool Inside(double x, double y) => mask[(int)Math.Floor(x), (int)Math.Floor(y)];

        private static MarkPoint Point(double x, double y) => new(FreeShape.Round(x), FreeShape.Round(y));
    }
}
