using System.Text.Json;
using FlexEdit.Evaluation.Datasets;
using FlexEdit.Imaging;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;
using FlexEdit.Masks.Rle;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Masks;

public sealed class DatasetTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flexedit-datasets-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_three_forms_of_a_segmentation_say_the_same()
    {
        // A square of 3 pixels in 6x6, golden values of the reference: 7 3 3 3 3 3 14.
        var polygon = Read("""[[1,1,1,4,4,4,4,1]]""", 6, 6);
        polygon.Count.ShouldBe(9);
        Read("""{"size":[6,6],"counts":[7,3,3,3,3,3,14]}""", 6, 6).Drawing().ShouldBe(polygon.Drawing());
        Read("""{"size":[6,6],"counts":"733000;"}""", 6, 6).Drawing().ShouldBe(polygon.Drawing());
    }

    [Fact]
    public void Parts_of_an_object_are_united_and_boxes_are_boxes()
    {
        Read("""[[0,0,0,2,2,2,2,0],[1,1,1,3,3,3,3,1]]""", 6, 6).Count.ShouldBe(7);
        Read("""[[1,2,3,2]]""", 6, 6).Bounds.ShouldBe(new Box(1, 2, 3, 2));
    }

    [Theory]
    [InlineData("""{"size":[5,6],"counts":"733000;"}""", "the picture's [height, width] is [6, 6]")]
    [InlineData("""{"size":[6,6],"counts":7}""", "neither a string nor a list")]
    [InlineData("\"733000;\"", "neither a list of polygons nor an object")]
    [InlineData("""{"size":[6,6],"counts":[7,3]}""", "the runs make 10 pixels")]
    public void A_damaged_segmentation_is_told(string json, string sentence) =>
        Should.Throw<FormatException>(() => Read(json, 6, 6)).Message.ShouldContain(sentence);

    [Fact]
    public void Coco_objects_have_labels_and_no_crowds()
    {
        var objects = Coco().Objects().ToArray();
        objects.Select(o => o.Id).ShouldBe(["11", "12"]);
        objects[0].Label.ShouldBe("cat");
        objects[0].Picture.ShouldBe("000000000007.jpg");
        objects[1].Mask.Count.ShouldBe(4);
    }

    [Fact]
    public void An_annotation_that_cannot_be_read_is_named()
    {
        var file = Coco();
        var broken = file with { Annotations = [file.Annotations[0] with { Segmentation = JsonDocument.Parse("[[1,2]]").RootElement.Clone() }] };
        Should.Throw<FormatException>(() => broken.Objects().ToArray()).Message.ShouldStartWith("The segmentation of annotation 11 cannot be read");
    }

    [Fact]
    public void References_mean_one_object_several_or_none()
    {
        var path = Write("grefs.json", """
            [{"ref_id":1,"image_id":7,"ann_id":[11,12],"split":"val","sentences":[{"sent":"both"}]},
             {"ref_id":2,"image_id":7,"ann_id":12,"split":"val","sentences":[{"sent":"the right one"}]},
             {"ref_id":3,"image_id":7,"ann_id":[-1],"split":"val","sentences":[{"sent":"the dog"}]},
             {"ref_id":4,"image_id":7,"ann_id":11,"split":"train","sentences":[]}]
            """);
        var read = ReferringExpressions.Read(path, Coco(), "val").ToArray();
        read.Select(r => r.Id).ShouldBe(["ref-1", "ref-2"]);
        read[0].Mask.Count.ShouldBe(13);
        read[1].Expression.ShouldBe("the right one");
    }

    [Fact]
    public void A_pickle_is_told_how_to_become_json() =>
        Should.Throw<FormatException>(() => ReferringExpressions.Read(Write("refs(unc).p", ""), Coco()).ToArray()).Message.ShouldContain("Convert it once: python3");

    [Fact]
    public void A_folder_of_masks_is_read_by_transparency_or_brightness()
    {
        var bright = Mask.FromBox(new Box(1, 1, 3, 2), 8, 8);
        File.WriteAllBytes(Path.Combine(_folder, "a.png"), PictureEncoder.Png(GrayImage.Of(bright)));
        var clear = new RgbaImage(8, 8);
        clear.Pixels.AsSpan().Fill(255);
        clear.Pixels[3] = 0;
        File.WriteAllBytes(Path.Combine(_folder, "b.png"), PictureEncoder.Png(clear));
        var read = MaskFolder.Read(_folder).ToArray();
        read.Select(m => m.Id).ShouldBe(["a", "b"]);
        read[0].Mask.Drawing().ShouldBe(bright.Drawing());
        read[1].Mask.Count.ShouldBe(1);
    }

    [Fact]
    public void A_folder_without_pictures_is_refused() =>
        Should.Throw<FormatException>(() => MaskFolder.Read(_folder).ToArray()).Message.ShouldContain("has no pictures");

    private static Mask Read(string json, int width, int height)
    {
        using var document = JsonDocument.Parse(json);
        return CocoSegmentation.Read(document.RootElement, width, height);
    }

    private CocoFile Coco() => CocoFile.Read(Write("instances.json", $$$"""
        {"info":{},"licenses":[],"images":[{"id":7,"file_name":"000000000007.jpg","width":6,"height":6,"license":1}],
         "categories":[{"id":17,"name":"cat","supercategory":"animal"}],
         "annotations":[
          {"id":11,"image_id":7,"category_id":17,"iscrowd":0,"segmentation":[[1,1,1,4,4,4,4,1]]},
          {"id":12,"image_id":7,"category_id":17,"iscrowd":0,"segmentation":{"size":[6,6],"counts":{{{JsonSerializer.Serialize(CocoRle.Compress(CocoRle.Encode(Mask.FromBox(new Box(4, 4, 2, 2), 6, 6))))}}}}},
          {"id":13,"image_id":7,"category_id":17,"iscrowd":1,"segmentation":{"size":[6,6],"counts":[0,36]}}]}
        """));

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
