using FlexEdit.Masks.Shapes;

namespace FlexEdit.Masks.FreeShapes;

/// <summary>
/// The eight kinds of FSMI-Edit as people draw them, by the distributions of <see cref="DrawingHabit"/>. (<see cref="FreeShape"/> draws uniformly
/// between bounds; the models were trained on that.) What is drawn depends on the arguments and the generator's state alone.
/// </summary>
public static class DrawnShape
{
    /// <summary>The paper's eight kinds.</summary>
    public static IReadOnlyList<FreeShapeKind> Kinds { get; } = [.. FreeShape.Kinds.Where(k => k != FreeShapeKind.Strokes)];

    /// <summary>Draws a shape for an object.</summary>
    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <param name="objectMask">The object, not empty; its size is the result's.</param>
    /// <param name="random">Source of all chance.</param>
    /// <param name="habit">Null for the usual one.</param>
    /// <param name="quarter">Where it is turned to, in quarters clockwise (0: up); null draws it.</param>
    /// <returns>A mask that is not empty.</returns>
    /// <exception cref="ArgumentException">The object is empty, or the kind is none of the eight.</exception>
    public static Mask Draw(FreeShapeKind kind, Mask objectMask, SeededRandom random, DrawingHabit? habit = null, int? quarter = null)
    {
        var box = objectMask.Bounds;
        var mask = MarkRasteriser.Draw([Mark(kind, box, objectMask, random, habit, quarter)], objectMask.Width, objectMask.Height);
        // A small one may have been drawn outside of the picture, or between the pixels' centres.
        return mask.IsEmpty ? Mask.FromBox(box, objectMask.Width, objectMask.Height) : mask;
    }

    /// <summary>The shape as a mark of the API's <c>mask_shapes</c>.</summary>
    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <param name="box">Of the thing, not empty.</param>
    /// <param name="objectMask">The thing's pixels where they are known; irregular shapes follow them.</param>
    /// <param name="random">Source of all chance.</param>
    /// <param name="habit">Null for the usual one.</param>
    /// <param name="quarter">Where it is turned to, in quarters clockwise (0: up); null draws it.</param>
    /// <exception cref="ArgumentException">The box is empty, or the kind is none of the eight.</exception>
    public static MarkShape Mark(
        FreeShapeKind kind, Box box, Mask? objectMask, SeededRandom random, DrawingHabit? habit = null, int? quarter = null)
    {
        if (box.IsEmpty)
            throw new ArgumentException("There is nothing to draw around.", nameof(box));
        habit ??= new DrawingHabit();
        // Nobody draws a shape of twice the size: the tails are cut.
        var scale = habit.Scale * Math.Exp(habit.ScaleSpread * Math.Clamp(random.NextNormal(), -2, 2));
        var frame = new FreeShape.Frame(
            box.X + (box.Width * (0.5 + (habit.Offset * random.NextNormal()))),
            box.Y + (box.Height * (0.5 + (habit.Offset * random.NextNormal()))),
            Math.Max(1, box.Width * scale * Math.Exp(habit.AspectSpread * random.NextNormal()) / 2),
            Math.Max(1, box.Height * scale * Math.Exp(habit.AspectSpread * random.NextNormal()) / 2));
        var tilt = random.Chance(habit.Upright) ? 0 : habit.Turn * random.NextNormal();
        var towards = quarter ?? Pointing(habit, random);
        var line = habit.Line * Math.Exp(habit.LineSpread * random.NextNormal()) * 2 * Math.Max(frame.HalfWidth, frame.HalfHeight);

        MarkShape mark = kind switch
        {
            FreeShapeKind.Circle or FreeShapeKind.HollowCircle =>
                new CircleMark(FreeShape.Round(frame.X), FreeShape.Round(frame.Y), FreeShape.Round(Math.Sqrt(frame.HalfWidth * frame.HalfHeight))),
            FreeShapeKind.Rectangle or FreeShapeKind.HollowRectangle => Rectangle(frame, quarter is null ? tilt : Tilted(quarter.Value, habit, random)),
            FreeShapeKind.Triangle or FreeShapeKind.HollowTriangle => Triangle(frame, towards, random) with { Rotation = FreeShape.Round(habit.Turn / 2 * random.NextNormal()) },
            FreeShapeKind.Irregular or FreeShapeKind.HollowIrregular =>
                IrregularCurve.Draw(frame, scale, objectMask, random) with { Rotation = FreeShape.Round(quarter is null ? tilt : Tilted(quarter.Value, habit, random)) },
            _ => throw new ArgumentException($"{kind} is none of the eight kinds.", nameof(kind)),
        };
        return kind is >= FreeShapeKind.HollowCircle and <= FreeShapeKind.HollowIrregular
            ? mark with { Hollow = FreeShape.Round(Math.Max(2, line)) }
            : mark;
    }

    private static int Pointing(DrawingHabit habit, SeededRandom random)
    {
        var left = random.NextDouble() * habit.Pointing.Sum();
        for (var i = 0; i < habit.Pointing.Count; i++)
        {
            left -= habit.Pointing[i];
            if (left < 0)
                return i;
        }
        return 0;
    }

    // A shape that is as wide as high looks the same after a quarter turn; what is seen is to which side it leans.
    private static double Tilted(int quarter, DrawingHabit habit, SeededRandom random) => (quarter % 4) switch
    {
        0 => 0,
        1 => habit.Turn * random.Between(0.6, 1.6),
        2 => 45 + (habit.Turn / 2 * random.Between(-1, 1)),
        _ => -habit.Turn * random.Between(0.6, 1.6),
    };

    private static RectangleMark Rectangle(FreeShape.Frame frame, double turn) =>
        new(
            FreeShape.Round(frame.X - frame.HalfWidth),
            FreeShape.Round(frame.Y - frame.HalfHeight),
            FreeShape.Round(2 * frame.HalfWidth),
            FreeShape.Round(2 * frame.HalfHeight))
        { Rotation = FreeShape.Round(turn) };

    private static PolygonMark Triangle(FreeShape.Frame frame, int towards, SeededRandom random)
    {
        var apex = random.Between(-0.3, 0.3);
        (double X, double Y)[] corners = (towards % 4) switch
        {
            0 => [(apex, -1), (1, 1), (-1, 1)],
            1 => [(1, apex), (-1, 1), (-1, -1)],
            2 => [(apex, 1), (-1, -1), (1, -1)],
            _ => [(-1, apex), (1, -1), (1, 1)],
        };
        return new PolygonMark([.. corners.Select(c => new MarkPoint(
            FreeShape.Round(frame.X + (frame.HalfWidth * (c.X + random.Between(-0.06, 0.06)))),
            FreeShape.Round(frame.Y + (frame.HalfHeight * (c.Y + random.Between(-0.06, 0.06))))))]);
    }
}
