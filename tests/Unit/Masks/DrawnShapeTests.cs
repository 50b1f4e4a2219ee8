using FlexEdit.Masks;
using FlexEdit.Masks.FreeShapes;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Masks;

public sealed class DrawnShapeTests
{
    private const int Count = 500;

    public static TheoryData<FreeShapeKind> Kinds => [.. DrawnShape.Kinds];

    // Median coverage of the thing by the mark, and median IoU with it; filled shapes cover most of it, hollow ones their outline only.
    public static TheoryData<FreeShapeKind, double, double> Statistics => new()
    {
        { FreeShapeKind.Circle, 0.83, 0.56 },
        { FreeShapeKind.Rectangle, 0.93, 0.56 },
        { FreeShapeKind.Triangle, 0.5, 0.38 },
        { FreeShapeKind.Irregular, 0.83, 0.59 },
        { FreeShapeKind.HollowCircle, 0.1, 0.09 },
        { FreeShapeKind.HollowRectangle, 0.08, 0.06 },
        { FreeShapeKind.HollowTriangle, 0.15, 0.12 },
        { FreeShapeKind.HollowIrregular, 0.11, 0.1 },
    };

    [Fact]
    public void There_are_the_papers_eight_kinds() => DrawnShape.Kinds.Count.ShouldBe(8);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_same_seed_draws_the_same_mark(FreeShapeKind kind)
    {
        var thing = RandomWalkTests.Things[1];
        var first = DrawnShape.Draw(kind, thing, new SeededRandom(7)).Drawing();
        DrawnShape.Draw(kind, thing, new SeededRandom(7)).Drawing().ShouldBe(first);
        DrawnShape.Draw(kind, thing, new SeededRandom(8)).Drawing().ShouldNotBe(first);
    }

    [Theory]
    [MemberData(nameof(Statistics))]
    public void Statistics_of_each_kind(FreeShapeKind kind, double coverage, double iou)
    {
        var (recall, overlap, boxes) = (new double[Count], new double[Count], new double[Count]);
        for (var i = 0; i < Count; i++)
        {
            var thing = RandomWalkTests.Things[i % 4];
            var mark = DrawnShape.Draw(kind, thing, new SeededRandom(31, (ulong)i));
            recall[i] = (double)mark.Intersect(thing).Count / thing.Count;
            overlap[i] = mark.IntersectionOverUnion(thing);
            boxes[i] = RandomWalkTests.BoxOverlap(mark.Bounds, thing.Bounds);
        }

        RandomWalkTests.Quantile(recall, 0.5).ShouldBe(coverage, 0.04, "median coverage");
        RandomWalkTests.Quantile(overlap, 0.5).ShouldBe(iou, 0.04, "median IoU");
        // What the size and offset are fitted to: 0.32, 0.65, 0.90.
        RandomWalkTests.Quantile(boxes, 0.05).ShouldBe(0.32, 0.12, "5 % of the box overlaps");
        RandomWalkTests.Quantile(boxes, 0.5).ShouldBe(0.65, 0.1, "half of the box overlaps");
        RandomWalkTests.Quantile(boxes, 0.95).ShouldBe(0.9, 0.08, "95 % of the box overlaps");
    }

    [Theory]
    [InlineData(0, 0, -1)]
    [InlineData(1, 1, 0)]
    [InlineData(2, 0, 1)]
    [InlineData(3, -1, 0)]
    public void A_triangle_points_where_it_is_told_to(int quarter, int x, int y)
    {
        // Most of a triangle lies on the side away from where it points.
        var mark = DrawnShape.Draw(FreeShapeKind.Triangle, RandomWalkTests.Things[0], new SeededRandom(5), quarter: quarter);
        var box = mark.Bounds;
        double sumX = 0, sumY = 0;
        for (var row = box.Y; row < box.Bottom; row++)
        {
            for (var column = box.X; column < box.Right; column++)
            {
                if (mark[column, row])
                    (sumX, sumY) = (sumX + column + 0.5 - box.X - (box.Width / 2.0), sumY + row + 0.5 - box.Y - (box.Height / 2.0));
            }
        }
        ((sumX * x) + (sumY * y)).ShouldBeLessThan(0);
    }

    [Fact]
    public void Both_under_and_over_coverage_occur()
    {
        var shares = Enumerable.Range(0, 200).Select(i => (double)DrawnShape.Draw(FreeShapeKind.Rectangle, RandomWalkTests.Things[0], new SeededRandom(3, (ulong)i)).Bounds.Area / RandomWalkTests.Things[0].Bounds.Area).ToArray();
        shares.Count(s => s < 0.8).ShouldBeInRange(30, 120);
        shares.Count(s => s > 1.2).ShouldBeInRange(30, 120);
    }

    [Fact]
    public void Strokes_are_none_of_the_eight() =>
        Should.Throw<ArgumentException>(() => DrawnShape.Draw(FreeShapeKind.Strokes, RandomWalkTests.Things[0], new SeededRandom(1))).ParamName.ShouldBe("kind");
}
