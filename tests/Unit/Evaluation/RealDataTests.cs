using FlexEdit.Evaluation.Cases;
using FlexEdit.Imaging;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Evaluation;

public sealed class RealDataTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flexedit-real-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void MagicBrush_masks_are_the_transparent_pixels_and_sizes_may_differ()
    {
        Write("edit_turns.json", """[{"input":"77-input.png","mask":"77-mask1.png","output":"77-output1.png","instruction":"add a hat"}]""");
        Write("local_descriptions.json", """{"77":{"77-output1.png":"a hat"}}""");
        Picture("images/77/77-input.png", new RgbImage(40, 40));
        var hole = new RgbaImage(80, 80);
        hole.Pixels.AsSpan().Fill(255);
        for (var y = 20; y < 40; y++)
            hole.Row(y)[(20 * 4)..(60 * 4)].Clear();
        Picture("images/77/77-mask1.png", hole);
        Picture("images/77/77-output1.png", new RgbImage(80, 80));

        var one = MagicBrushCases.Read(_folder).Cases.ShouldHaveSingleItem();
        one.Case.Label.ShouldBe("a hat");
        var pictures = one.Open();
        pictures.Region.Bounds.ShouldBe(new Box(10, 10, 20, 10));
        pictures.Expected.Width.ShouldBe(40);
        pictures.Free.Subtract(Mask.FromBox(pictures.Region.Bounds.Grow(3), 40, 40)).IsEmpty.ShouldBeTrue();
    }

    [Theory]
    [InlineData("""[{"input":"77-input.png","mask":"77-mask1.png","output":"77-output1.png"}]""", "a turn has no 'instruction'")]
    [InlineData("[", "is no JSON")]
    [InlineData("[]", "has no turns")]
    public void A_damaged_MagicBrush_list_is_told(string text, string sentence)
    {
        Write("edit_turns.json", text);
        Should.Throw<BenchmarkException>(() => MagicBrushCases.Read(_folder)).Message.ShouldContain(sentence);
    }

    [Fact]
    public void MagicBrush_needs_its_list() =>
        Should.Throw<BenchmarkException>(() => MagicBrushCases.Read(_folder)).Message.ShouldContain("neither edit_turns.json nor edit_sessions.json");

    [Fact]
    public void Coco_objects_become_cases_of_painting()
    {
        var annotations = Write("instances.json", """
            {"images":[{"id":1,"file_name":"x.png","width":40,"height":40}],"categories":[{"id":3,"name":"cup"}],
             "annotations":[{"id":5,"image_id":1,"category_id":3,"segmentation":[[10,10,10,30,30,30,30,10]]},
                            {"id":6,"image_id":1,"category_id":3,"segmentation":[[1,1,1,3,3,3,3,1]]}]}
            """);
        Picture("x.png", new RgbImage(40, 40));
        var one = CocoCases.Read(annotations, _folder).Cases.ShouldHaveSingleItem();
        one.Case.Marked.ShouldBe("cup");
        one.Case.Label.ShouldBe("red cup");
        var pictures = one.Open();
        pictures.Region.Count.ShouldBe(400);
        pictures.Expected.Row(20)[20 * 3].ShouldBe((byte)216);
    }

    [Fact]
    public void A_picture_of_another_size_than_its_annotation_is_told()
    {
        var annotations = Write("instances.json", """
            {"images":[{"id":1,"file_name":"x.png","width":40,"height":40}],"categories":[{"id":3,"name":"cup"}],
             "annotations":[{"id":5,"image_id":1,"category_id":3,"segmentation":[[10,10,10,30,30,30,30,10]]}]}
            """);
        Picture("x.png", new RgbImage(50, 40));
        Should.Throw<BenchmarkException>(() => CocoCases.Read(annotations, _folder).Cases[0].Open()).Message.ShouldContain("has 50x40 pixels, its annotation 40x40");
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private void Picture(string name, Raster picture)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_folder, name))!);
        File.WriteAllBytes(Path.Combine(_folder, name), PictureEncoder.Png(picture));
    }
}
