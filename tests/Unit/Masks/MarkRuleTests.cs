using FlexEdit.Masks;
using FlexEdit.Masks.Shapes;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Masks;

/// <summary>The rasteriser against the API's sentence itself, asked for every pixel centre, on random marks.</summary>
public sealed class MarkRuleTests
{
    private const int Side = 40;
    // Centres nearer to an outline than this are decided by rounding.
    private const double Doubt = 1e-4;

    [Fact]
    public void A_stroke_covers_just_the_centres_within_reach_of_its_way()
    {
        for (ulong seed = 0; seed < 40; seed++)
        {
            var random = new SeededRandom(seed);
            var points = Enumerable.Range(0, 1 + random.Next(4))
                .Select(_ => new MarkPoint(random.Between(-5, 45), random.Between(-5, 45), random.Between(0.5, 9)))
                .ToArray();
            double? hollow = random.Chance(0.5) ? random.Between(1, 6) : null;
            Compare(
                new StrokeMark(points, 1) { Hollow = hollow },
                (x, y) => hollow is { } line ? Math.Abs(Depth(points, x, y)) - (line / 2) : Depth(points, x, y));
        }
    }

    [Fact]
    public void A_polygon_covers_just_the_centres_it_winds_around()
    {
        for (ulong seed = 0; seed < 40; seed++)
        {
            var random = new SeededRandom(seed);
            var points = Enumerable.Range(0, 3 + random.Next(5))
                .Select(_ => new MarkPoint(random.Between(-5, 45), random.Between(-5, 45))).ToArray();
            double? hollow = random.Chance(0.5) ? random.Between(1, 6) : null;
            Compare(new PolygonMark(points) { Hollow = hollow }, (x, y) =>
            {
                var edge = Distance(points, x, y);
                return hollow is { } line ? edge - (line / 2) : Winds(points, x, y) ? -edge : edge;
            });
        }
    }

    [Fact]
    public void A_circle_turned_or_not_covers_the_centres_by_their_distance()
    {
        for (ulong seed = 0; seed < 40; seed++)
        {
            var random = new SeededRandom(seed);
            var (cx, cy, r) = (random.Between(0, Side), random.Between(0, Side), random.Between(0.5, 25));
            double? hollow = random.Chance(0.5) ? random.Between(0.5, 20) : null;
            Compare(new CircleMark(cx, cy, r) { Hollow = hollow, Rotation = random.Between(-400, 400) }, (x, y) =>
            {
                var d = Math.Sqrt(((x - cx) * (x - cx)) + ((y - cy) * (y - cy))) - r;
                return hollow is { } line ? Math.Abs(d) - (line / 2) : d;
            });
        }
    }

    /// <summary>Negative where covered, by how far; positive elsewhere.</summary>
    private static void Compare(MarkShape mark, Func<double, double, double> outside)
    {
        var mask = MarkRasteriser.Draw([mark], Side, Side);
        for (var y = 0; y < Side; y++)
        {
            for (var x = 0; x < Side; x++)
            {
                var d = outside(x + 0.5, y + 0.5);
                if (Math.Abs(d) > Doubt)
                    mask[x, y].ShouldBe(d < 0, $"pixel {x},{y} of {mark}");
            }
        }
    }

    /// <summary>The least of distance less radius along the way, by trying many places.</summary>
    private static double Depth(MarkPoint[] points, double x, double y)
    {
        var least = double.MaxValue;
        for (var i = 0; i < Math.Max(1, points.Length - 1); i++)
        {
            var (a, b) = (points[i], points[Math.Min(i + 1, points.Length - 1)]);
            double low = 0, high = 1;
            // The function is convex along a part, so thirds close in on its least value.
            for (var round = 0; round < 45; round++)
            {
                var (p, q) = (low + ((high - low) / 3), high - ((high - low) / 3));
                if (At(p) < At(q))
                    high = q;
                else
                    low = p;
            }

            least = Math.Min(least, Math.Min(At(low), Math.Min(At(0), At(1))));

            double At(double t)
            {
                var (dx, dy) = (x - a.X - (t * (b.X - a.X)), y - a.Y - (t * (b.Y - a.Y)));
                return Math.Sqrt((dx * dx) + (dy * dy)) - (a.Radius!.Value + (t * (b.Radius!.Value - a.Radius.Value)));
            }
        }

        return least;
    }

    private static double Distance(MarkPoint[] points, double x, double y)
    {
        MarkPoint[] closed = [.. points.Append(points[0]).Select(p => p with { Radius = 0 })];
        return Depth(closed, x, y);
    }

    /// <summary>Whether the angles under which the edges are seen add up to a turn.</summary>
    private static bool Winds(MarkPoint[] points, double x, double y)
    {
        var sum = 0.0;
        for (var i = 0; i < points.Length; i++)
        {
            var (a, b) = (points[i], points[(i + 1) % points.Length]);
            var (ax, ay, bx, by) = (a.X - x, a.Y - y, b.X - x, b.Y - y);
            sum += Math.Atan2((ax * by) - (ay * bx), (ax * bx) + (ay * by));
        }

        return Math.Abs(sum) > Math.PI;
    }
}
