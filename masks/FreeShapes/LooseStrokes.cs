using FlexEdit.Masks.Shapes;

namespace FlexEdit.Masks.FreeShapes;

/// <summary>
/// One to three brush strokes between places inside of the thing. In recorded scribbles nearly everything lies inside
/// and about a fifth of the thing is covered (MedScribble); a brush for marking is thicker, so here it is more.
/// </summary>
internal static class LooseStrokes
{
    public static IReadOnlyList<MarkShape> Draw(FreeShape.Frame frame, Box box, Mask? objectMask, SeededRandom random)
    {
        var longer = 2 * Math.Max(frame.HalfWidth, frame.HalfHeight);
        var shorter = 2 * Math.Min(frame.HalfWidth, frame.HalfHeight);
        var radius = Math.Max(1, Math.Min(longer * random.Between(0.05, 0.11), shorter / 3));
        var inside = objectMask is null ? null : Inside(objectMask, box);
        var (shiftX, shiftY) = (frame.X - (box.X + (box.Width / 2.0)), frame.Y - (box.Y + (box.Height / 2.0)));

        var strokes = new MarkShape[1 + random.Next(3)];
        for (var i = 0; i < strokes.Length; i++)
        {
            var places = Places(inside, box, random);
            // The first stroke tells the extent: people go from end to end before they fill in.
            for (var other = 0; i == 0 && other < 4; other++)
            {
                var more = Places(inside, box, random);
                if (Extent(more) > Extent(places))
                    places = more;
            }

            var points = new MarkPoint[places.Length];
            for (var k = 0; k < points.Length; k++)
            {
                points[k] = new MarkPoint(
                    FreeShape.Round(places[k].X + (shiftX / 2)),
                    FreeShape.Round(places[k].Y + (shiftY / 2)),
                    FreeShape.Round(radius * random.Between(0.8, 1.2)));
            }

            strokes[i] = new StrokeMark(Smooth(points), FreeShape.Round(radius));
        }

        return strokes;
    }

    private static (double X, double Y)[] Places(
        List<(double X, double Y)>? inside, Box box, SeededRandom random)
    {
        var places = new (double X, double Y)[3 + random.Next(4)];
        for (var k = 0; k < places.Length; k++)
            places[k] = inside is { Count: > 0 } ? random.Pick(inside) : InEllipse(box, random);
        return places;
    }

    private static double Extent((double X, double Y)[] places) =>
        (places.Max(p => p.X) - places.Min(p => p.X)) * (places.Max(p => p.Y) - places.Min(p => p.Y));

    private static List<(double X, double Y)> Inside(Mask mask, Box box)
    {
        // A hundred places or so are plenty to choose from.
        var step = Math.Max(1, (int)Math.Sqrt(box.Area / 400.0));
        var places = new List<(double, double)>();
        for (var y = box.Y; y < box.Bottom; y += step)
        {
            for (var x = box.X; x < box.Right; x += step)
            {
                if (mask[x, y])
                    places.Add((x + 0.5, y + 0.5));
            }
        }

        return places;
    }

    private static (double X, double Y) InEllipse(Box box, SeededRandom random)
    {
        double x, y;
        do
            (x, y) = (random.Between(-1, 1), random.Between(-1, 1));
        while ((x * x) + (y * y) > 0.8);
        return (box.X + (box.Width * (x + 1) / 2), box.Y + (box.Height * (y + 1) / 2));
    }

    /// <summary>Cuts each corner twice (Chaikin), as a hand does.</summary>
    private static MarkPoint[] Smooth(MarkPoint[] points)
    {
        for (var round = 0; round < 2; round++)
        {
            var next = new List<MarkPoint> { points[0] };
            for (var i = 0; i + 1 < points.Length; i++)
            {
                next.Add(Between(points[i], points[i + 1], 0.25));
                next.Add(Between(points[i], points[i + 1], 0.75));
            }

            next.Add(points[^1]);
            points = [.. next];
        }

        return points;
    }

    private static MarkPoint Between(MarkPoint a, MarkPoint b, double part) => new(
        FreeShape.Round(a.X + ((b.X - a.X) * part)),
        FreeShape.Round(a.Y + ((b.Y - a.Y) * part)),
        FreeShape.Round(a.Radius!.Value + ((b.Radius!.Value - a.Radius.Value) * part)));
}
