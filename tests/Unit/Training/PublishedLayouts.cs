using FlexEdit.Imaging;
using FlexEdit.Imaging.Pixels;

namespace FlexEdit.Tests.Unit.Training;

/// <summary>Small samples of data sets in the layouts in which they are published.</summary>
public sealed class PublishedLayouts : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("flexedit-data-").FullName;

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    public string PathOf(string name) => Path.Combine(Folder, name);

    public string Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), text);
        return PathOf(name);
    }

    public void Picture(string name, Raster picture)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllBytes(PathOf(name), PictureEncoder.Png(picture));
    }

    public static RgbImage Plain(int width, int height, byte red, byte green, byte blue)
    {
        var picture = new RgbImage(width, height);
        for (var i = 0; i < width * height; i++)
            (picture.Pixels[i * 3], picture.Pixels[(i * 3) + 1], picture.Pixels[(i * 3) + 2]) = (red, green, blue);
        return picture;
    }

    /// <summary>COCO: one cup of polygons, a crowd of uncompressed run lengths, one speck that is too small.</summary>
    public string Coco()
    {
        Picture("coco/000000000001.png", Plain(80, 60, 10, 20, 30));
        return Write("coco/instances.json", """
            {"info":{"year":2017},"licenses":[{"id":1,"name":"x","url":"y"}],
             "images":[{"id":1,"file_name":"000000000001.png","width":80,"height":60,"license":1,"coco_url":"u","flickr_url":"f","date_captured":"2013-11-14 17:02:52"}],
             "categories":[{"id":47,"name":"cup","supercategory":"kitchen"}],
             "annotations":[
              {"id":5,"image_id":1,"category_id":47,"iscrowd":0,"area":600.0,"bbox":[20.0,10.0,30.0,20.0],"segmentation":[[20.0,10.0,20.0,30.0,50.0,30.0,50.0,10.0]]},
              {"id":6,"image_id":1,"category_id":47,"iscrowd":1,"area":4800.0,"bbox":[0,0,80,60],"segmentation":{"size":[60,80],"counts":[0,4800]}},
              {"id":7,"image_id":1,"category_id":47,"iscrowd":0,"area":4.0,"bbox":[1,1,2,2],"segmentation":[[1,1,1,3,3,3,3,1]]}]}
            """);
    }

    /// <summary>gRefCOCO: one reference to the cup, one to nothing, one of another part.</summary>
    public string References() => Write("coco/grefs.json", """
        [{"ref_id":1,"ann_id":[5],"category_id":[47],"image_id":1,"file_name":"COCO_train2014_000000000001_1.jpg","split":"train","sent_ids":[1],"sentences":[{"sent_id":1,"sent":"the cup on the left","raw":"The cup on the left","tokens":["the","cup"]}]},
         {"ref_id":2,"ann_id":[-1],"category_id":[-1],"image_id":1,"split":"train","sent_ids":[2],"sentences":[{"sent_id":2,"sent":"the dog"}],"no_target":true},
         {"ref_id":3,"ann_id":[5],"category_id":[47],"image_id":1,"split":"val","sent_ids":[3],"sentences":[{"sent_id":3,"sent":"cup"}]}]
        """);

    /// <summary>MagicBrush: one turn whose mask and result have other sizes than its picture.</summary>
    public string MagicBrush()
    {
        Write("magicbrush/edit_turns.json", """[{"input":"77-input.png","mask":"77-mask1.png","output":"77-output1.png","instruction":"add a hat"}]""");
        Picture("magicbrush/images/77/77-input.png", Plain(40, 40, 0, 0, 255));
        var hole = Plain(80, 80, 255, 255, 255).ToRgba();
        for (var y = 20; y < 40; y++)
            hole.Row(y)[(20 * 4)..(60 * 4)].Clear();
        Picture("magicbrush/images/77/77-mask1.png", hole);
        Picture("magicbrush/images/77/77-output1.png", Plain(80, 80, 255, 0, 0));
        return PathOf("magicbrush");
    }

    /// <summary>InstructPix2Pix: twenty prompts with one pair each, so that 18 are of the training part; both names of the caption.</summary>
    public string InstructPix2Pix()
    {
        Write("ip2p/seeds.json", "[" + string.Join(",", Enumerable.Range(0, 20).Select(i => $"[\"{i:d7}\",[\"{4294967295 - i}\"]]")) + "]");
        for (var i = 0; i < 20; i++)
        {
            var caption = i % 2 == 0 ? "\"input\":\"a photo\"" : "\"caption\":\"a photo\",\"url\":\"u\"";
            Write($"ip2p/{i:d7}/prompt.json", $$"""{{{caption}},"edit":"make it {{i}}","output":"a photo {{i}}"}""");
            Picture($"ip2p/{i:d7}/{4294967295 - i}_0.jpg", Plain(16, 16, 1, 2, 3));
            Picture($"ip2p/{i:d7}/{4294967295 - i}_1.jpg", Plain(16, 16, (byte)i, 0, 0));
        }
        return PathOf("ip2p");
    }

    /// <summary>LLaVA: the placeholder at the start and at the end; one that begins with the wrong speaker.</summary>
    public string Llava()
    {
        Picture("llava/train2017/000000033471.jpg", Plain(20, 10, 9, 9, 9));
        return Write("llava/llava_instruct_150k.json", """
            [{"id":"000000033471","image":"000000033471.jpg","conversations":[
               {"from":"human","value":"<image>\nWhat are the colors of the bus?"},{"from":"gpt","value":"White and red."},
               {"from":"human","value":"What is behind it?"},{"from":"gpt","value":"A hill."}]},
             {"id":"000000033472","image":"000000033471.jpg","conversations":[
               {"from":"gpt","value":"Hello."},{"from":"human","value":"Where is this?\n<image>"},{"from":"gpt","value":"At home."}]}]
            """);
    }

    /// <summary>YouTube-VOS: a green object 2 in three frames, in the palette of DAVIS, before a blue ground.</summary>
    public string YouTubeVos()
    {
        Write("vos/meta.json", """{"videos":{"0043f083b5":{"objects":{"2":{"category":"dress","frames":["00000","00005","00010"]},"3":{"category":"cap","frames":["00000"]}}}}}""");
        for (var i = 0; i < 3; i++)
        {
            var (frame, annotation) = (Plain(64, 48, 0, 0, 200), Plain(64, 48, 0, 0, 0));
            for (var y = 10; y < 30; y++)
            {
                for (var x = 10 + (8 * i); x < 30 + (8 * i); x++)
                {
                    ((byte[])[0, 200, 0]).CopyTo(frame.Pixel(x, y));
                    ((byte[])[0, 128, 0]).CopyTo(annotation.Pixel(x, y));
                }
            }
            Picture($"vos/JPEGImages/0043f083b5/{5 * i:d5}.jpg", frame);
            Picture($"vos/Annotations/0043f083b5/{5 * i:d5}.png", annotation);
        }
        return PathOf("vos");
    }
}
