using System.Text.Json;
using FlexEdit.Masks;
using FlexEdit.Masks.Rle;
using FlexEdit.Tests.Parity.Fixtures;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Parity.Masks;

public sealed class CocoRleParity
{
    [Theory, FixtureCases("coco-rle")]
    public void Masks_match_the_reference_in_both_forms_and_both_directions(string name)
    {
        using var fixture = FixtureCase.Open(name);
        foreach (var json in fixture.Json.GetProperty("masks").EnumerateArray())
        {
            var mask = Read(json);
            var compressed = json.GetProperty("compressed").GetString()!;
            var uncompressed = json.GetProperty("uncompressed").EnumerateArray().Select(run => run.GetInt32()).ToArray();

            CocoRle.Encode(mask).ShouldBe(uncompressed);
            CocoRle.Compress(CocoRle.Encode(mask)).ShouldBe(compressed);
            CocoRle.Decompress(compressed).ShouldBe(uncompressed);
            CocoRle.Decode(uncompressed, mask.Width, mask.Height).Pixels.ShouldBe(mask.Pixels);
            mask.Count.ShouldBe(json.GetProperty("area").GetInt32());
            var box = mask.Bounds;
            json.GetProperty("bbox").EnumerateArray().Select(side => side.GetDouble()).ShouldBe([box.X, box.Y, box.Width, box.Height]);
        }
    }

    [Theory, FixtureCases("coco-rle")]
    public void Polygons_are_filled_by_the_references_rule(string name)
    {
        using var fixture = FixtureCase.Open(name);
        foreach (var json in fixture.Json.GetProperty("polygons").EnumerateArray())
        {
            var expected = Read(json);

            var mask = CocoPolygon.Fill([.. json.GetProperty("polygon").EnumerateArray().Select(value => value.GetDouble())], expected.Width, expected.Height);

            mask.Pixels.ShouldBe(expected.Pixels);
            CocoRle.Compress(CocoRle.Encode(mask)).ShouldBe(json.GetProperty("compressed").GetString());
            mask.Count.ShouldBe(json.GetProperty("area").GetInt32());
        }
    }

    [Fact]
    public void What_is_no_polygon_is_refused()
    {
        Should.Throw<ArgumentException>(() => CocoPolygon.Fill([1, 1, 2, 2], 9, 9)).Message.ShouldStartWith("A polygon has at least three corners");
        Should.Throw<ArgumentException>(() => CocoPolygon.Fill([1, 1, 2, 2, 3, 1, 4], 9, 9)).Message.ShouldStartWith("A polygon has at least three corners");
        Should.Throw<ArgumentException>(() => CocoPolygon.Fill([1, 1, 2, double.NaN, 3, 1], 9, 9)).Message.ShouldStartWith("A corner lies more than 1000000 pixels away.");
        CocoPolygon.Fill([20, 20, 30, 20, 25, 30], 9, 9).Count.ShouldBe(0);
    }

    private static Mask Read(JsonElement json)
    {
        var rows = json.GetProperty("rows").EnumerateArray().Select(row => row.GetString()!).ToArray();
        var mask = new Mask(rows[0].Length, rows.Length);
        json.GetProperty("size").EnumerateArray().Select(side => side.GetInt32()).ShouldBe([mask.Height, mask.Width]);
        for (var y = 0; y < rows.Length; y++)
            for (var x = 0; x < rows[y].Length; x++)
                mask.Row(y)[x] = rows[y][x] == '1' ? Mask.Marked : (byte)0;
        return mask;
    }
}
