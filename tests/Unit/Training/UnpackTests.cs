using FlexEdit.Imaging;
using FlexEdit.Masks;
using FlexEdit.Training.Data;
using FlexEdit.Training.Data.Sources;
using Parquet.Serialization;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Training;

public sealed class UnpackTests : IDisposable
{
    private readonly PublishedLayouts _sets = new();

    public void Dispose() => _sets.Dispose();

    [Fact]
    public async Task MagicBrush_rows_become_the_folder_that_its_reader_reads()
    {
        var hole = PublishedLayouts.Plain(8, 8, 1, 1, 1).ToRgba();
        hole.Row(3)[8..20].Clear();
        MagicBrushRow Row(int turn) => new()
        {
            ImgId = "242679",
            TurnIndex = turn,
            SourceImg = Image(8, (byte)turn),
            MaskImg = new HuggingFaceImage { Bytes = PictureEncoder.Png(hole), Path = "mask.png" },
            Instruction = $"turn {turn}",
            TargetImg = Image(8, (byte)(turn + 1)),
        };
        var file = _sets.PathOf("train-00000-of-00001.parquet");
        await ParquetSerializer.SerializeAsync(new[] { Row(1), Row(2) }, file, null, null, TestContext.Current.CancellationToken);
        (await Unpack.MagicBrushAsync([file], _sets.PathOf("out"))).ShouldBe(2);
        var second = new MagicBrushSource(_sets.PathOf("out")).Read(1, new SeededRandom(1));
        second.Instruction.ShouldBe("turn 2");
        second.Scene.Pixel(0, 0)[0].ShouldBe((byte)2);
        second.Target!.Pixel(0, 0)[0].ShouldBe((byte)3);
        second.Meant!.Bounds.ShouldBe(new Box(2, 3, 3, 1));
    }

    [Fact]
    public async Task InstructPix2Pix_rows_become_the_folder_that_its_reader_reads()
    {
        var file = _sets.PathOf("train.parquet");
        var rows = Enumerable.Range(0, 20).Select(i => new InstructPix2PixRow
        {
            OriginalPrompt = "a",
            OriginalImage = Image(8, 0),
            EditPrompt = $"edit {i}",
            EditedPrompt = "b",
            EditedImage = Image(8, (byte)i),
        });
        await ParquetSerializer.SerializeAsync(rows, file, null, null, TestContext.Current.CancellationToken);
        (await Unpack.InstructPix2PixAsync([file], _sets.PathOf("out"))).ShouldBe(20);
        var source = new InstructPix2PixSource(_sets.PathOf("out"));
        source.Count.ShouldBe(18);
        source.Read(17, new SeededRandom(1)).Instruction.ShouldBe("edit 17");
        source.Read(17, new SeededRandom(1)).Target!.Pixel(0, 0)[0].ShouldBe((byte)17);
    }

    [Fact]
    public async Task What_is_no_Parquet_file_is_told()
    {
        var file = _sets.Write("x.parquet", "this is no such file, whatever it is called");
        (await Should.ThrowAsync<FormatException>(() => Unpack.MagicBrushAsync([file], _sets.PathOf("out")))).Message.ShouldContain("is no Parquet file");
    }

    private static HuggingFaceImage Image(int side, byte shade) => new() { Bytes = PictureEncoder.Png(PublishedLayouts.Plain(side, side, shade, 0, 0)), Path = "x.png" };
}
