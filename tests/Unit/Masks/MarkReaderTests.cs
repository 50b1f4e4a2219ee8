using FlexEdit.Masks;
using FlexEdit.Masks.Rle;
using FlexEdit.Masks.Shapes;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Masks;

public sealed class MarkReaderTests
{
    [Fact]
    public void Reads_every_type_with_every_field()
    {
        var marks = MarkReader.Read("""
            [
              { "op": "add", "type": "circle", "cx": 5, "cy": 6.5, "r": 4, "hollow": 1.5 },
              { "op": "subtract", "type": "rectangle", "x": -1, "y": 2, "width": 3, "height": 4, "rotation": -45 },
              { "type": "triangle", "points": [[0, 0], [4, 0], [0, 4]] },
              { "type": "polygon", "points": [[0, 0], [4, 0], [4, 4], [0, 4]], "hollow": null },
              { "type": "stroke", "points": [[1, 2], [3, 4, 0.5]], "radius": 2 },
              { "type": "rle", "size": [2, 3], "counts": [1, 2, 3] },
              { "type": "rle", "size": [2, 3], "counts": "123" }
            ]
            """);

        marks[0].ShouldBe(new CircleMark(5, 6.5, 4) { Hollow = 1.5 });
        marks[1].ShouldBe(
            new RectangleMark(-1, 2, 3, 4) { Operation = MarkOperation.Subtract, Rotation = -45 });
        marks[2].ShouldBeOfType<PolygonMark>().Points.ShouldBe([new(0, 0), new(4, 0), new(0, 4)]);
        marks[3].ShouldBeOfType<PolygonMark>().Hollow.ShouldBeNull();
        var stroke = marks[4].ShouldBeOfType<StrokeMark>();
        stroke.Points.ShouldBe([new(1, 2), new(3, 4, 0.5)]);
        stroke.Radius.ShouldBe(2);
        foreach (var rle in marks.Skip(5).Cast<RleMark>())
        {
            (rle.Width, rle.Height).ShouldBe((3, 2));
            rle.Runs.ShouldBe([1, 2, 3]);
        }
    }

    [Theory]
    [InlineData("{}", "mask_shapes must be a list of marks")]
    [InlineData("[1]", "mask_shapes[0] must be an object")]
    [InlineData("[{}]", "mask_shapes[0].type is missing")]
    [InlineData("""[{"type":"oval"}]""", "mask_shapes[0].type must be one of circle, rectangle, triangle, polygon, stroke, rle")]
    [InlineData("""[{"type":"circle","cx":1,"cy":1}]""", "mask_shapes[0].r is missing")]
    [InlineData("""[{"type":"circle","cx":1,"cy":"1","r":1}]""", "mask_shapes[0].cy must be a number")]
    [InlineData("""[{"type":"circle","cx":1e300,"cy":1,"r":1}]""", "mask_shapes[0].cx must lie between -100000 and 100000")]
    [InlineData("""[{"type":"circle","cx":1,"cy":1,"r":1,"op":"and"}]""", "mask_shapes[0].op must be one of add, subtract")]
    [InlineData("""[{"type":"circle","cx":1,"cy":1,"r":1,"hollow":0}]""", "mask_shapes[0].hollow must be positive")]
    [InlineData("""[{"type":"circle","cx":1,"cy":1,"r":1,"hollw":2}]""", "mask_shapes[0].hollw is not a field of this type")]
    [InlineData("""[{"type":"circle","cx":1,"cx":2,"cy":1,"r":1}]""", "mask_shapes[0].cx is given twice")]
    [InlineData("""[{"type":"rectangle","x":1,"y":1,"width":-3,"height":1}]""", "mask_shapes[0].width must be positive")]
    [InlineData("""[{"type":"triangle","points":[[1,1],[2,2]]}]""", "mask_shapes[0].points must be a list of exactly 3 points")]
    [InlineData("""[{"type":"polygon","points":[[1,1],[2,2]]}]""", "mask_shapes[0].points must be a list of at least 3 points")]
    [InlineData("""[{"type":"polygon","points":[[1,1],[2,2],[1,2,3]]}]""", "mask_shapes[0].points[2] must be [x, y]")]
    [InlineData("""[{"type":"stroke","points":[[1,1]]}]""", "mask_shapes[0].radius is missing")]
    [InlineData("""[{"type":"stroke","points":[[1,1],[2,2,0]],"radius":1}]""", "mask_shapes[0].points[1][2] must be positive")]
    [InlineData("""[{"type":"stroke","points":[],"radius":1}]""", "mask_shapes[0].points must be a list of at least 1 point")]
    [InlineData("""[{"type":"rle","size":[2],"counts":[]}]""", "mask_shapes[0].size must be [height, width] in pixels")]
    [InlineData("""[{"type":"rle","size":[2,2],"counts":[1,2.5]}]""", "mask_shapes[0].counts[1] must be a whole number")]
    [InlineData("""[{"type":"rle","size":[2,2],"counts":"o"}]""", "mask_shapes[0].counts cannot be read: the string ends inside of a number")]
    public void Names_the_faulty_field(string json, string message) =>
        Should.Throw<MarkException>(() => MarkReader.Read(json)).Message.ShouldBe(message);

    [Fact]
    public void Counts_marks_from_the_start_of_the_list() =>
        Should.Throw<MarkException>(() => MarkReader.Read("""
            [{"type":"circle","cx":1,"cy":1,"r":1},{"type":"circle","cx":1,"cy":1,"r":1},{"type":"stroke","points":[[1,1]],"radius":-1}]
            """)).Field.ShouldBe("mask_shapes[2].radius");

    [Fact]
    public void Broken_json_is_told_with_its_place() =>
        Should.Throw<MarkException>(() => MarkReader.Read("[{]")).Message
            .ShouldBe("mask_shapes must be JSON (line 1, byte 3 is not)");

    [Fact]
    public void Refuses_more_marks_or_points_than_it_may_hold()
    {
        var limits = new MarkLimits { Marks = 1, Points = 3 };
        const string Circle = """{"type":"circle","cx":1,"cy":1,"r":1}""";
        Should.Throw<MarkException>(() => MarkReader.Read($"[{Circle},{Circle}]", limits: limits))
            .Message.ShouldBe("mask_shapes may hold at most 1 marks");
        Should.Throw<MarkException>(() => MarkReader.Read(
                """[{"type":"stroke","radius":1,"points":[[1,1],[1,1],[1,1],[1,1]]}]""", limits: limits))
            .Message.ShouldBe("mask_shapes may hold at most 3 points in all");
    }

    [Fact]
    public void Runs_that_miss_the_size_are_told_when_drawn() =>
        Should.Throw<MarkException>(() => MarkRasteriser.Draw([new RleMark(2, 2, [1, 2])], 2, 2)).Message
            .ShouldBe("mask_shapes[0].counts cannot be read: the runs make 3 pixels, but 2x2 has 4");

    [Fact]
    public void Both_kinds_of_run_lengths_give_one_mask()
    {
        var mask = MarkRasteriser.Draw([new CircleMark(20, 12, 9) { Hollow = 3 }], 41, 30);
        var runs = CocoRle.Encode(mask);
        CocoRle.Decompress(CocoRle.Compress(runs)).ShouldBe(runs);
        CocoRle.Decode(runs, 41, 30).Drawing().ShouldBe(mask.Drawing());
    }

    [Fact]
    public void Run_lengths_are_those_of_pycocotools()
    {
        // Encoded by pycocotools 2.0.11: 39 columns, 56 rows; ten columns of 6, a gap of 872, 15 more.
        const string Compressed = "l36b1000000000fi00ZVO000000000000000000000000000006";
        int[] runs = [124, 6, 50, 6, 50, 6, 50, 6, 50, 6, 50, 6, 872, .. Enumerable.Repeat((int[])[6, 50], 15).SelectMany(r => r), 6, 56];
        CocoRle.Decompress(Compressed).ShouldBe(runs);
        CocoRle.Compress(runs).ShouldBe(Compressed);
        var mask = CocoRle.Decode(runs, 39, 56);
        mask.Count.ShouldBe(132);
        mask.Bounds.ShouldBe(new Box(2, 12, 36, 44));
    }
}
