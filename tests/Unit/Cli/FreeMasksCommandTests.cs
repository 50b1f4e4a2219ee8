using FlexEdit.Cli.Commands;
using FlexEdit.Cli.Showing;
using FlexEdit.Evaluation.Datasets;
using FlexEdit.Imaging;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Cli;

public sealed class FreeMasksCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flexedit-masks").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task A_folder_of_masks_becomes_free_shape_masks_the_same_each_time()
    {
        var masks = Directory.CreateDirectory(Path.Combine(_folder, "in")).FullName;
        File.WriteAllBytes(Path.Combine(masks, "cup.png"), PictureEncoder.Png(GrayImage.Of(Mask.FromBox(new Box(10, 10, 30, 24), 64, 64))));

        (await RunAsync("masks", "free", "--folder", masks, "--kinds", "walk,hollow_circle", "--each", "2", "-o", Path.Combine(_folder, "a"))).ShouldBe(ExitCode.Done);
        (await RunAsync("masks", "free", "--folder", masks, "--kinds", "walk,hollow_circle", "--each", "2", "-o", Path.Combine(_folder, "b"))).ShouldBe(ExitCode.Done);

        var drawn = MaskFolder.Read(Path.Combine(_folder, "a")).ToArray();
        drawn.Select(m => m.Id).ShouldBe(["cup-hollow_circle-0", "cup-hollow_circle-1", "cup-walk-0", "cup-walk-1"]);
        drawn[2].Mask.Pixels.ShouldNotBe(drawn[3].Mask.Pixels);
        foreach (var file in Directory.GetFiles(Path.Combine(_folder, "a")))
            File.ReadAllBytes(file).ShouldBe(File.ReadAllBytes(Path.Combine(_folder, "b", Path.GetFileName(file))));
        File.ReadLines(Path.Combine(_folder, "a", "masks.jsonl")).Count().ShouldBe(4);
    }

    [Theory]
    [InlineData("Give either --coco or --folder.")]
    [InlineData("not 'blob'", "--folder", "x", "--kinds", "blob")]
    [InlineData("--refs needs --coco", "--folder", "x", "--refs", "y")]
    public async Task A_senseless_command_line_is_told(string sentence, params string[] arguments)
    {
        (await RunAsync(["masks", "free", "-o", _folder, .. arguments])).ShouldBe(ExitCode.Usage);
        _error.ToString().ShouldContain(sentence);
    }

    [Fact]
    public async Task A_file_that_is_no_coco_file_is_told()
    {
        var file = Path.Combine(_folder, "x.json");
        File.WriteAllText(file, "{}");
        (await RunAsync("masks", "free", "--coco", file, "-o", Path.Combine(_folder, "out"))).ShouldBe(ExitCode.Failed);
        _error.ToString().ShouldContain("is no COCO file of instances");
    }

    [Theory]
    [InlineData("--masks knows full and free, not 'half'", "--masks", "half")]
    [InlineData("--model", "--masks", "free")]
    public async Task The_benchmark_tells_what_it_wants(string sentence, params string[] arguments)
    {
        string[] model = arguments is ["--masks", "free"] ? [] : ["--model", "a"];
        (await RunAsync(["bench", "fsmi", .. model, .. arguments])).ShouldBe(ExitCode.Usage);
        _error.ToString().ShouldContain(sentence);
    }

    [Fact]
    public async Task A_folder_that_is_no_benchmark_is_told()
    {
        (await RunAsync("bench", "fsmi", "--model", "nobody", "--via", "inprocess", "--cases", _folder, "--out", _folder)).ShouldBe(ExitCode.Failed);
        _error.ToString().ShouldContain("is no benchmark");
    }

    private Task<int> RunAsync(params string[] arguments) =>
        FlexEditCommand.RunAsync(arguments, Terminal.To(_output, _error), TestContext.Current.CancellationToken);
}
