using FlexEdit.Masks.Shapes;

namespace FlexEdit.Masks.FreeShapes;

/// <summary>
/// Draws marks as people would around a box or an object: off centre, too small or too large, turned, wobbly. What is
/// drawn depends on the arguments and the generator's state alone.
/// </summary>
public static class FreeShape
{
    /// <summary>Every kind.</summary>
    public static IReadOnlyList<FreeShapeKind> Kinds { get; } = Enum.GetValues<FreeShapeKind>();

    /// <summary>Draws a mark around an object. Irregular ones and strokes follow its form.</summary>
    /// <param name="kind">What to draw.</param>
    /// <param name="objectMask">The object's pixels, not empty; its size is the result's.</param>
    /// <param name="random">Source of all chance.</param>
    /// <param name="options">Null for the usual ones.</param>
    /// <returns>A mask that is not empty.</returns>
    public static Mask Draw(
        FreeShapeKind kind, Mask objectMask, SeededRandom random, FreeShapeOptions? options = null) =>
        Draw(kind, objectMask.Bounds, objectMask, objectMask.Width, objectMask.Height, random, options);

    /// <summary>Draws a mark around a box in a picture of the given size.</summary>
    /// <inheritdoc cref="Draw(FreeShapeKind, Mask, SeededRandom, FreeShapeOptions?)"/>
    public static Mask Draw(
        FreeShapeKind kind, Box box, int width, int height, SeededRandom random, FreeShapeOptions? options = null) =>
        Draw(kind, box, null, width, height, random, options);

    /// <summary>The mark as shapes of the API, for example for a request.</summary>
    /// <param name="kind">What to draw.</param>
    /// <param name="box">What is meant, not empty.</param>
    /// <param name="objectMask">The object's pixels where they are known.</param>
    /// <param name="random">Source of all chance.</param>
    /// <param name="options">Null for the usual ones.</param>
    public static IReadOnlyList<MarkShape> Marks(
        FreeShapeKind kind, Box box, Mask? objectMask, SeededRandom random, FreeShapeOptions? options = null)
    {
        if (box.IsEmpty)
            throw new ArgumentException("There is nothing to draw around.", nameof(box));
        options ??= new FreeShapeOptions();
        var scale = random.Between(options.MinScale, options.MaxScale);
        var reach = options.MaxOffset * box.LongerSide;
        var frame = new Frame(
            box.X + (box.Width / 2.0) + random.Between(-reach, reach),
            box.Y + (box.Height / 2.0) + random.Between(-reach, reach),
            box.Width * scale / 2,
            box.Height * scale / 2);
        double? line = null;
        if (kind is >= FreeShapeKind.HollowCircle and <= FreeShapeKind.HollowIrregular)
            line = Round(Math.Max(2, box.LongerSide * random.Between(options.MinLine, options.MaxLine)));

        return kind switch
        {
            FreeShapeKind.Circle or FreeShapeKind.HollowCircle => [Circle(frame, random) with { Hollow = line }],
            FreeShapeKind.Rectangle or FreeShapeKind.HollowRectangle =>
                [Rectangle(frame, options.MaxTurn, random) with { Hollow = line }],
            FreeShapeKind.Triangle or FreeShapeKind.HollowTriangle => [Triangle(frame, random) with { Hollow = line }],
            FreeShapeKind.Irregular or FreeShapeKind.HollowIrregular =>
                [IrregularCurve.Draw(frame, scale, objectMask, random) with { Hollow = line }],
            _ => LooseStrokes.Draw(frame, box, objectMask, random),
        };
    }

    /// <summary>Two decimals: less than the last bits of a sine can move, so that every machine draws the same.</summary>
    internal static double Round(double value) => Math.Round(value, 2);

    private static Mask Draw(
        FreeShapeKind kind, Box box, Mask? objectMask, int width, int height, SeededRandom random,
        FreeShapeOptions? options)
    {
        var mask = MarkRasteriser.Draw(Marks(kind, box, objectMask, random, options), width, height);
        // An under-sized mark of a tiny object can fall between the pixel centres.
        return mask.IsEmpty ? Mask.FromBox(box, width, height) : mask;
    }

    private static CircleMark Circle(Frame frame, SeededRandom random)
    {
        var (shorter, longer) = (Math.Min(frame.HalfWidth, frame.HalfHeight), Math.Max(frame.HalfWidth, frame.HalfHeight));
        var radius = shorter + ((longer - shorter) * random.Between(0.6, 1));
        return new CircleMark(Round(frame.X), Round(frame.Y), Round(Math.Max(radius, 1)));
    }

    private static RectangleMark Rectangle(Frame frame, double maxTurn, SeededRandom random)
    {
        var turn = random.Chance(0.5) ? random.Between(-maxTurn, maxTurn) : 0;
        return new RectangleMark(
            Round(frame.X - frame.HalfWidth),
            Round(frame.Y - frame.HalfHeight),
            Round(Math.Max(2 * frame.HalfWidth, 1)),
            Round(Math.Max(2 * frame.HalfHeight, 1)))
        { Rotation = Round(turn) };
    }

    private static PolygonMark Triangle(Frame frame, SeededRandom random)
    {
        // A triangle covers half of its box, so it is drawn somewhat larger than what it means.
        var (w, h) = (frame.HalfWidth * 1.15, frame.HalfHeight * 1.15);
        var apex = random.Between(-0.4, 0.4);
        (double X, double Y)[] corners = random.Next(4) switch
        {
            0 => [(apex, -1), (1, 1), (-1, 1)],
            1 => [(apex, 1), (-1, -1), (1, -1)],
            2 => [(-1, apex), (1, -1), (1, 1)],
            _ => [(1, apex), (-1, 1), (-1, -1)],
        };
        return new PolygonMark([.. corners.Select(c => Corner(c.X, c.Y))]);

        MarkPoint Corner(double x, double y) => new(
            Round(frame.X + (w * (x + random.Between(-0.1, 0.1)))),
            Round(frame.Y + (h * (y + random.Between(-0.1, 0.1)))));
    }

    /// <summary>Where the mark goes: its centre and half its extent, in pixels.</summary>
    internal readonly record struct Frame(double X, double Y, double HalfWidth, double HalfHeight);
}
