using FlexEdit.Masks;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Masks;

public sealed class MaskTests
{
    private static readonly Mask Two = Ascii.Mask("""
        ..........
        .##....#..
        .##...#...
        ...#......
        """);

    [Fact]
    public void Bounds_count_and_coverage_describe_the_marked_pixels()
    {
        Two.Bounds.ShouldBe(new Box(1, 1, 7, 3));
        Two.Count.ShouldBe(7);
        Two.Coverage.ShouldBe(7 / 40.0);
        Two.IsEmpty.ShouldBeFalse();
        new Mask(3, 3).Bounds.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void Pixels_that_touch_at_a_corner_are_one_component()
    {
        Two.CountComponents().ShouldBe(2);
        Two.ComponentBoxes().ShouldBe([new Box(1, 1, 3, 3), new Box(6, 1, 2, 2)]);
    }

    [Fact]
    public void A_piece_that_joins_only_further_down_is_one_component() => Ascii.Mask("""
        #.#.#
        #.#.#
        #####
        """).CountComponents().ShouldBe(1);

    [Fact]
    public void Union_subtract_intersect_and_invert_work_pixel_by_pixel()
    {
        var a = Ascii.Mask("##..##..#");
        var b = Ascii.Mask("#.#.#.#.#");
        a.Union(b).Drawing().ShouldBe("###.###.#");
        a.Subtract(b).Drawing().ShouldBe(".#...#...");
        a.Intersect(b).Drawing().ShouldBe("#...#...#");
        a.Invert().Drawing().ShouldBe("..##..##.");
        a.IntersectionOverUnion(b).ShouldBe(3 / 7.0);
    }

    [Fact]
    public void Rejects_a_mask_of_another_shape() =>
        Should.Throw<ArgumentException>(() => new Mask(3, 2).Union(new Mask(2, 3))).Message.ShouldContain("2x3");

    [Fact]
    public void A_crop_beyond_the_picture_is_unmarked_there() => Two.Crop(new Box(6, -1, 6, 4)).Drawing().ShouldBe("""
        ......
        ......
        .#....
        #.....
        """.ReplaceLineEndings("\n"));

    [Fact]
    public void Resize_takes_the_nearest_pixel_and_keeps_every_value()
    {
        Ascii.Mask("""
            #.
            .#
            """).Resize(4, 4).Drawing().ShouldBe("""
            ##..
            ##..
            ..##
            ..##
            """.ReplaceLineEndings("\n"));
        Two.Resize(20, 8).Resize(10, 4).Drawing().ShouldBe(Two.Drawing());
    }

    [Fact]
    public void Samples_at_the_threshold_are_marked() =>
        Mask.FromSamples([0, 127, 128, 255], 4, 1).Drawing().ShouldBe("..##");

    [Theory]
    [InlineData(1, 1, false)]
    [InlineData(0, 1, true)]
    [InlineData(3, 3, true)]
    public void Knows_whether_it_touches_the_edge(int x, int y, bool touches)
    {
        var mask = new Mask(4, 4) { [x, y] = true };
        mask.TouchesEdge.ShouldBe(touches);
    }
}
