using FlexEdit.Evaluation.Cases;
using FlexEdit.Imaging;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Evaluation;

public sealed class BenchmarkFolderTests : IDisposable
{
    private const string Good = """{"id":"a","kind":"single","scene":"scene.png","instruction":"Remove this.","mask":{"shapes":[{"type":"circle","cx":20,"cy":20,"r":6}]},"full_mask":{"rle":{"size":[40,40],"counts":[810,5,785]}},"region":{"rle":{"size":[40,40],"counts":[810,5,785]}},"expected":{"file":"patch.png","at":[18,8]}}""";
    private readonly string _folder = Directory.CreateTempSubdirectory("flexedit-cases-").FullName;

    public BenchmarkFolderTests()
    {
        File.WriteAllBytes(Path.Combine(_folder, "scene.png"), PictureEncoder.Png(Plain(40, 40, 100)));
        File.WriteAllBytes(Path.Combine(_folder, "patch.png"), PictureEncoder.Png(Plain(6, 10, 200)));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_patch_counts_only_inside_of_the_region()
    {
        var pictures = Read(Good).Cases.ShouldHaveSingleItem().Open();
        // Run lengths go down the columns: 810 = 20 columns of 40 and 10 rows.
        pictures.Region.Bounds.ShouldBe(new Box(20, 10, 1, 5));
        pictures.Expected.Row(12)[20 * 3].ShouldBe((byte)200);
        pictures.Expected.Row(12)[19 * 3].ShouldBe((byte)100);
        pictures.Free.Bounds.ShouldBe(new Box(14, 14, 12, 12));
        pictures.HasObject.ShouldBeTrue();
    }

    [Fact]
    public void Every_problem_is_told_with_its_line()
    {
        var problem = Should.Throw<BenchmarkException>(() => Read(
            Good,
            Good,
            "{",
            Good.Replace("\"a\"", "\"b\"").Replace("single", "triple"),
            Good.Replace("\"a\"", "\"c\"").Replace("patch.png", "gone.png"),
            Good.Replace("\"a\"", "\"d\"").Replace("patch.png", "../patch.png"),
            Good.Replace("\"a\"", "\"e\"").Replace("\"kind\":\"single\"", "\"kind\":\"multiple\""),
            Good.Replace("\"a\"", "\"f\"").Replace("{\"shapes\":", "{\"file\":\"scene.png\",\"shapes\":"),
            Good.Replace("\"a\"", "\"g/\""),
            Good.Replace("\"a\"", "\"h\"").Replace("\"kind\"", "\"mode\"")));
        problem.Message.ShouldContain("line 2: the id 'a' was there before");
        problem.Message.ShouldContain("line 3: ");
        problem.Message.ShouldContain("line 4: 'kind' is 'triple'; known are single, multiple");
        problem.Message.ShouldContain("line 5: 'gone.png' is missing");
        problem.Message.ShouldContain("line 6: '../patch.png' is not inside of the folder");
        problem.Message.ShouldContain("line 7: a multiple case has a 'subject'");
        problem.Message.ShouldContain("line 8: 'mask' has exactly one of");
        problem.Message.ShouldContain("line 9: the id 'g/' may have letters");
        problem.Message.ShouldContain("line 10: ");
    }

    [Fact]
    public void A_folder_without_a_list_is_no_benchmark() =>
        Should.Throw<BenchmarkException>(() => BenchmarkFolder.Read(_folder)).Message.ShouldContain("it has no cases.jsonl");

    [Theory]
    [InlineData("\"counts\":[810,5,785]}},\"region\"", "\"counts\":[1600]}},\"region\"", "full_mask marks nothing")]
    [InlineData("\"at\":[18,8]", "\"at\":[0,0]", "does not cover the region")]
    [InlineData(",\"at\":[18,8]", "", "a patch needs 'at'")]
    [InlineData("\"r\":6", "\"r\":-1", "mask[0].r")]
    public void What_does_not_fit_is_told_when_the_case_is_opened(string from, string to, string sentence) =>
        Should.Throw<BenchmarkException>(() => Read(Good.Replace(from, to)).Cases[0].Open()).Message.ShouldContain(sentence);

    private BenchmarkSet Read(params string[] lines)
    {
        File.WriteAllLines(Path.Combine(_folder, BenchmarkFolder.ListFile), lines);
        return BenchmarkFolder.Read(_folder);
    }

    private static RgbImage Plain(int width, int height, byte value)
    {
        var picture = new RgbImage(width, height);
        picture.Pixels.AsSpan().Fill(value);
        return picture;
    }
}
