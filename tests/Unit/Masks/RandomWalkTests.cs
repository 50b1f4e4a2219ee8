using FlexEdit.Masks;
using FlexEdit.Masks.FreeShapes;
using FlexEdit.Masks.Shapes;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Masks;

public sealed class RandomWalkTests
{
    private const int Count = 600;

    /// <summary>Things of several forms: round, long, with a hole, of two parts.</summary>
    internal static readonly Mask[] Things =
    [
        MarkRasteriser.Draw([new CircleMark(60, 60, 30)], 128, 128),
        MarkRasteriser.Draw([new CircleMark(60, 55, 22), new RectangleMark(50, 70, 20, 30)], 128, 128),
        MarkRasteriser.Draw([new RectangleMark(30, 40, 60, 34) { Rotation = 25 }], 128, 128),
        MarkRasteriser.Draw([new CircleMark(64, 64, 36), new CircleMark(64, 64, 14) { Operation = MarkOperation.Subtract }], 128, 128),
    ];

    [Fact]
    public void The_same_seed_walks_the_same_way()
    {
        var first = RandomWalk.Draw(Things[1], new SeededRandom(4)).Drawing();
        RandomWalk.Draw(Things[1], new SeededRandom(4)).Drawing().ShouldBe(first);
        RandomWalk.Draw(Things[1], new SeededRandom(5)).Drawing().ShouldNotBe(first);
    }

    [Fact]
    public void Marks_and_mask_are_the_same_drawing() =>
        MarkRasteriser.Draw(RandomWalk.Marks(Things[3], new SeededRandom(9)), 128, 128).Drawing()
            .ShouldBe(RandomWalk.Draw(Things[3], new SeededRandom(9)).Drawing());

    [Fact]
    public void Statistics_are_those_of_recorded_scribbles()
    {
        // MedScribble without its vessels: recall 0.07 … 0.18 … 0.38, precision 0.83 … 1, box overlap 0.31 … 0.60 … 0.85, IoU 0.07 … 0.18 … 0.35.
        var (recall, precision, boxes, overlap, pieces) = (new double[Count], new double[Count], new double[Count], new double[Count], new double[Count]);
        for (var i = 0; i < Count; i++)
        {
            var thing = Things[i % Things.Length];
            var walk = RandomWalk.Draw(thing, new SeededRandom(77, (ulong)i));
            double shared = walk.Intersect(thing).Count;
            (recall[i], precision[i]) = (shared / thing.Count, shared / walk.Count);
            (boxes[i], overlap[i]) = (BoxOverlap(walk.Bounds, thing.Bounds), walk.IntersectionOverUnion(thing));
            pieces[i] = walk.CountComponents();
        }

        Quantile(recall, 0.05).ShouldBe(0.07, 0.04);
        Quantile(recall, 0.5).ShouldBe(0.18, 0.03);
        Quantile(recall, 0.95).ShouldBe(0.38, 0.1);
        Quantile(precision, 0.05).ShouldBeGreaterThan(0.8);
        Quantile(precision, 0.5).ShouldBeGreaterThan(0.97);
        Quantile(boxes, 0.5).ShouldBe(0.6, 0.12);
        Quantile(overlap, 0.5).ShouldBe(0.18, 0.03);
        Quantile(pieces, 0.5).ShouldBeInRange(1, 2);
        Quantile(pieces, 0.95).ShouldBeInRange(2, 7);
    }

    [Fact]
    public void A_thing_of_one_pixel_is_walked_on()
    {
        var dot = new Mask(9, 9);
        dot[4, 7] = true;
        for (ulong seed = 0; seed < 20; seed++)
            RandomWalk.Draw(dot, new SeededRandom(seed))[4, 7].ShouldBeTrue();
    }

    [Fact]
    public void There_must_be_a_thing() =>
        Should.Throw<ArgumentException>(() => RandomWalk.Draw(new Mask(8, 8), new SeededRandom(1))).ParamName.ShouldBe("objectMask");

    internal static double Quantile(double[] values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted[(int)(share * (sorted.Length - 1))];
    }

    internal static double BoxOverlap(Box a, Box b)
    {
        var shared = (double)a.Intersect(b).Area;
        return shared / (a.Area + b.Area - shared);
    }
}
