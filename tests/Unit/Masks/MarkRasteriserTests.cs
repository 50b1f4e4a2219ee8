using FlexEdit.Masks;
using FlexEdit.Masks.Rle;
using FlexEdit.Masks.Shapes;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Masks;

/// <summary>Golden drawings: what every client has to draw, pixel for pixel.</summary>
public sealed class MarkRasteriserTests
{
    [Fact]
    public void A_circle_marks_the_centres_within_its_radius() => Draws("""
        ..###..
        .#####.
        #######
        #######
        #######
        .#####.
        ..###..
        """, new CircleMark(3.5, 3.5, 3.3));

    [Fact]
    public void A_centre_exactly_on_the_outline_is_marked() => Draws("""
        ...#...
        .#####.
        .#####.
        #######
        .#####.
        .#####.
        ...#...
        """, new CircleMark(3.5, 3.5, 3));

    [Fact]
    public void A_hollow_circle_marks_half_a_line_to_either_side() => Draws("""
        ..#####..
        .##...##.
        ##.....##
        #.......#
        #.......#
        #.......#
        ##.....##
        .##...##.
        ..#####..
        """, new CircleMark(4.5, 4.5, 4) { Hollow = 1.5 });

    [Fact]
    public void A_line_wider_than_the_circle_fills_it() =>
        Draw(9, 9, new CircleMark(4.5, 4.5, 2) { Hollow = 4 }).Drawing()
            .ShouldBe(Draw(9, 9, new CircleMark(4.5, 4.5, 4)).Drawing());

    [Fact]
    public void A_rectangle_of_whole_pixels_marks_just_these() => Draws("""
        ......
        .####.
        .####.
        ......
        """, new RectangleMark(1, 1, 4, 2));

    [Fact]
    public void A_rectangle_turned_by_a_quarter_stands_upright() => Draws("""
        ......
        ..##..
        ..##..
        ..##..
        ..##..
        ......
        """, new RectangleMark(1, 2, 4, 2) { Rotation = 90 });

    [Fact]
    public void Positive_rotation_is_clockwise() => Draws("""
        ........
        .#......
        ####....
        .#####..
        ...####.
        .....#..
        ........
        """, new RectangleMark(0, 2.5, 7, 2) { Rotation = 30 });

    [Fact]
    public void A_hollow_rectangle_has_round_outer_corners_and_leaves_its_middle() => Draws("""
        .........
        .#######.
        .#######.
        .##...##.
        .##...##.
        .#######.
        .#######.
        .........
        """, new RectangleMark(2, 2, 5, 4) { Hollow = 2 });

    [Fact]
    public void A_triangle_owns_its_outline() => Draws("""
        #####.
        ####..
        ###...
        ##....
        #.....
        ......
        """, new PolygonMark([new(0, 0), new(5.5, 0), new(0, 5.5)]));

    [Fact]
    public void A_polygon_that_winds_twice_has_no_hole() => Draws("""
        .......
        .#####.
        .#####.
        .#####.
        .#####.
        .#####.
        .......
        """, new PolygonMark(
            [new(1, 1), new(6, 1), new(6, 6), new(1, 6), new(1, 1), new(2, 2), new(5, 2), new(5, 5), new(2, 5), new(2, 2)]));

    [Fact]
    public void A_polygon_that_crosses_itself_marks_both_parts() => Draws("""
        #.....#
        ##...##
        ###.###
        #######
        ###.###
        ##...##
        #.....#
        """, new PolygonMark([new(0, 0), new(7, 7), new(7, 0), new(0, 7)]));

    [Fact]
    public void A_polygon_without_area_marks_the_centres_on_its_line() => Draws("""
        .......
        .####..
        .......
        """, new PolygonMark([new(1.5, 1.5), new(4.5, 1.5), new(3, 1.5)]));

    [Fact]
    public void A_hollow_polygon_is_the_line_along_its_edges() => Draws("""
        ...#....
        ..###...
        ..###...
        .##.##..
        .##.##..
        ##...##.
        #######.
        ........
        """, new PolygonMark([new(3.5, 1), new(6.5, 6.5), new(0.8, 6.5)]) { Hollow = 1.6 });

    [Fact]
    public void A_stroke_has_round_ends_and_joints() => Draws("""
        ..........
        .###......
        .####.....
        .#####....
        ..#####...
        ...######.
        ....#####.
        .....####.
        ..........
        """, new StrokeMark([new(2.5, 2.5), new(6.5, 6.5), new(7.5, 6.5)], 1.45));

    [Fact]
    public void A_stroke_of_one_point_is_a_dab() =>
        Draw(7, 7, new StrokeMark([new(3.5, 3.5)], 3)).Drawing()
            .ShouldBe(Draw(7, 7, new CircleMark(3.5, 3.5, 3)).Drawing());

    [Fact]
    public void A_stroke_grows_linearly_between_its_radii() => Draws("""
        ............
        .......###..
        ....#######.
        ..#########.
        ..#########.
        ....#######.
        .......###..
        ............
        """, new StrokeMark([new(2.5, 4, 0.8), new(8.5, 4)], 2.8));

    [Fact]
    public void A_rotated_stroke_turns_about_the_box_around_its_discs() =>
        Draw(12, 12, new StrokeMark([new(3, 4), new(9, 4)], 1) { Rotation = 90 }).Drawing()
            .ShouldBe(Draw(12, 12, new StrokeMark([new(6, 1), new(6, 7)], 1)).Drawing());

    [Fact]
    public void A_hollow_stroke_is_the_line_around_it() => Draws("""
        ..........
        .########.
        ##########
        ##......##
        ##......##
        ##########
        .########.
        ..........
        """, new StrokeMark([new(3, 4), new(7, 4)], 2.2) { Hollow = 1.6 });

    [Fact]
    public void Marks_are_applied_in_order()
    {
        var add = new RectangleMark(0, 0, 4, 1);
        var subtract = new RectangleMark(1, 0, 2, 1) { Operation = MarkOperation.Subtract };
        Draw(4, 1, add, subtract).Drawing().ShouldBe("#..#");
        Draw(4, 1, subtract, add).Drawing().ShouldBe("####");
    }

    [Fact]
    public void Marks_beyond_the_picture_are_clipped() =>
        Draw(3, 3, new CircleMark(-90_000, 1.5, 90_001)).Drawing().ShouldBe("#..\n#..\n#..");

    [Fact]
    public void An_rle_marks_its_pixels_and_its_border_lies_between_them()
    {
        var solid = Ascii.Mask("""
            .......
            .#####.
            .#####.
            .#####.
            .#####.
            .#####.
            .......
            """);
        var mark = new RleMark(7, 7, CocoRle.Encode(solid));
        Draw(7, 7, mark).Drawing().ShouldBe(solid.Drawing());
        Draw(7, 7, mark with { Hollow = 1 }).Drawing().ShouldBe("""
            .#####.
            #######
            ##...##
            ##...##
            ##...##
            #######
            .#####.
            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void The_border_of_an_rle_at_the_pictures_edge_runs_along_the_edge()
    {
        var everything = new RleMark(5, 4, [0, 20]) { Hollow = 1 };
        Draw(5, 4, everything).Drawing().ShouldBe("#####\n#...#\n#...#\n#####");
    }

    [Fact]
    public void An_rle_turns_about_the_box_of_its_marked_pixels()
    {
        var bar = Ascii.Mask("""
            .....
            .....
            .###.
            .#...
            .....
            """);
        Draw(5, 5, new RleMark(5, 5, CocoRle.Encode(bar)) { Rotation = 180 }).Drawing().ShouldBe("""
            .....
            .....
            ...#.
            .###.
            .....
            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void An_rle_of_another_size_names_its_field() =>
        Should.Throw<MarkException>(() => Draw(4, 3, new CircleMark(1, 1, 1), new RleMark(3, 4, [12])))
            .Message.ShouldBe("mask_shapes[1].size must be [3, 4], the scene's height and width");

    private static Mask Draw(int width, int height, params MarkShape[] marks) =>
        MarkRasteriser.Draw(marks, width, height);

    private static void Draws(string drawing, MarkShape mark)
    {
        var expected = Ascii.Mask(drawing);
        Draw(expected.Width, expected.Height, mark).Drawing().ShouldBe(expected.Drawing());
    }
}
