using FlexEdit.Evaluation.Datasets;
using FlexEdit.Masks;
using FlexEdit.Training.Data.Sources;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Training;

public sealed class DatasetReaderTests : IDisposable
{
    private readonly PublishedLayouts _sets = new();

    public void Dispose() => _sets.Dispose();

    [Fact]
    public void A_coco_object_is_to_be_painted_whole()
    {
        var source = MaskedObjectSource.Coco(_sets.Coco(), _sets.PathOf("coco"));
        source.Count.ShouldBe(1, "a crowd and a speck are left out");
        var example = source.Read(0, new SeededRandom(1));
        example.Label.ShouldBe("cup");
        example.HasObject.ShouldBeTrue();
        example.Meant!.Bounds.ShouldBe(new Box(20, 10, 30, 20));
        example.Target!.Pixel(30, 20).ToArray().ShouldNotBe(example.Scene.Pixel(30, 20).ToArray());
        example.Target.Pixel(5, 5).ToArray().ShouldBe(example.Scene.Pixel(5, 5).ToArray());
        example.Instruction.ShouldNotContain("{");
    }

    [Fact]
    public void References_of_the_part_that_mean_something_are_read_with_their_sentence()
    {
        var source = MaskedObjectSource.References(_sets.References(), _sets.Coco(), _sets.PathOf("coco"));
        source.Count.ShouldBe(1);
        source.Read(0, new SeededRandom(1)).Label.ShouldBe("the cup on the left");
    }

    [Fact]
    public void MagicBrush_means_its_transparent_pixels_and_brings_all_sizes_to_the_scenes()
    {
        var example = new MagicBrushSource(_sets.MagicBrush()).Read(0, new SeededRandom(1));
        example.Meant!.Bounds.ShouldBe(new Box(10, 10, 20, 10));
        example.HasObject.ShouldBeFalse();
        (example.Target!.Width, example.Target.Height).ShouldBe((40, 40));
        example.Target.Pixel(3, 3).ToArray().ShouldBe([255, 0, 0]);
        example.Instruction.ShouldBe("add a hat");
    }

    [Theory]
    [InlineData("train", 18, 0)]
    [InlineData("val", 1, 18)]
    [InlineData("test", 1, 19)]
    public void InstructPix2Pix_is_split_by_position(string split, int count, int first)
    {
        var folder = _sets.InstructPix2Pix();
        var source = new InstructPix2PixSource(folder, split);
        source.Count.ShouldBe(count);
        var example = source.Read(0, new SeededRandom(1));
        example.Instruction.ShouldBe($"make it {first}");
        example.Target!.Pixel(0, 0)[0].ShouldBe((byte)first);
        example.Meant.ShouldBeNull();
        InstructPix2PixPairs.Read(folder, split)[0].Texts().Caption.ShouldBe("a photo");
    }

    [Fact]
    public void InstructPix2Pix_has_no_other_part() =>
        Should.Throw<ArgumentException>(() => InstructPix2PixPairs.Read(_sets.InstructPix2Pix(), "all")).Message.ShouldContain("train, val and test");

    [Fact]
    public void Llava_turns_lose_the_placeholder_and_a_wrong_first_speaker()
    {
        var path = _sets.Llava();
        var read = LlavaConversations.Read(path);
        read[0].Turns.ShouldBe([("What are the colors of the bus?", "White and red."), ("What is behind it?", "A hill.")]);
        read[1].Turns.ShouldBe([("Where is this?", "At home.")]);
        var example = new LlavaSource(path, _sets.PathOf("llava/train2017")).Read(1, new SeededRandom(1));
        (example.Instruction, example.Answer, example.Target).ShouldBe(("Where is this?", "At home.", null));
    }

    [Fact]
    public void A_subject_comes_from_another_frame_on_white_and_its_place_is_emptied()
    {
        var source = new SubjectPairSource(_sets.YouTubeVos());
        source.Count.ShouldBe(1, "an object in one frame makes no pair");
        for (var i = 0; i < 10; i++)
        {
            var example = source.Read(0, new SeededRandom((ulong)i));
            example.Meant!.Count.ShouldBe(400);
            var box = example.Meant.Bounds;
            example.Scene.Pixel(box.X, box.Y).ToArray().ShouldBe([127, 127, 127]);
            example.Scene.Pixel(1, 1).ToArray().ShouldBe(example.Target!.Pixel(1, 1).ToArray());
            example.Target.Pixel(box.X + 5, box.Y + 5)[1].ShouldBe((byte)200);
            var subject = example.Subject!;
            subject.Pixel(0, 0).ToArray().ShouldBe([255, 255, 255]);
            subject.Pixel(subject.Width / 2, subject.Height / 2).ToArray().ShouldBe([0, 200, 0]);
            example.Id.Split('/')[^1].Split('-').Distinct().Count().ShouldBe(2, "never the same frame");
            example.Label.ShouldBe("dress");
        }
    }

    [Theory]
    [InlineData("magicbrush/edit_turns.json", """[{"input":"77-input.png"}]""", "a turn has no 'mask'")]
    [InlineData("ip2p/seeds.json", """[["0000000"],["0000001"]]""", "is not [folder, [seed, …]]")]
    [InlineData("ip2p/seeds.json", "{", "is no JSON")]
    [InlineData("llava/llava_instruct_150k.json", """[{"id":"1","image":"x.jpg","conversations":[{"from":"human","value":"a"},{"from":"human","value":"b"}]}]""", "turn 0 is not a question")]
    [InlineData("llava/llava_instruct_150k.json", """[{"id":"1","image":"x.jpg"}]""", "record '1' has no 'conversations'")]
    [InlineData("vos/meta.json", """{"videos":{"a":{}}}""", "video 'a' has no 'objects'")]
    [InlineData("vos/meta.json", """{"videos":{"a":{"objects":{"x":{"category":"c","frames":[]}}}}}""", "object 'x' of video 'a' has no number")]
    public void A_damaged_list_is_told(string file, string text, string sentence)
    {
        _sets.Write(file, text);
        Should.Throw<FormatException>(() =>
        {
            _ = file.Split('/')[0] switch
            {
                "magicbrush" => MagicBrushTurns.Read(_sets.PathOf("magicbrush")).Count,
                "ip2p" => InstructPix2PixPairs.Read(_sets.PathOf("ip2p")).Count,
                "llava" => LlavaConversations.Read(_sets.PathOf(file)).Count,
                _ => VideoObjects.Read(_sets.PathOf("vos")).Count,
            };
        }).Message.ShouldContain(sentence);
    }

    [Fact]
    public void An_annotation_in_another_palette_is_told()
    {
        var folder = _sets.YouTubeVos();
        _sets.Picture("vos/Annotations/0043f083b5/00000.png", PublishedLayouts.Plain(64, 48, 3, 3, 3));
        Should.Throw<FormatException>(() => VideoObjects.Read(folder)[0].Mask(folder, "00000")).Message.ShouldContain("none of the palette");
    }

    [Fact]
    public void A_picture_that_is_missing_is_told_by_its_path()
    {
        var folder = _sets.MagicBrush();
        File.Delete(Path.Combine(folder, "images/77/77-output1.png"));
        Should.Throw<FormatException>(() => new MagicBrushSource(folder).Read(0, new SeededRandom(1))).Message.ShouldContain("77-output1.png cannot be read");
    }
}
