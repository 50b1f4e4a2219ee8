using System.Net;
using System.Net.Sockets;
using FlexEdit.Cli.Commands;
using FlexEdit.Cli.Showing;
using FlexEdit.Imaging.Decoding;
using FlexEdit.Masks.Shapes;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Cli;

public sealed class CommandLineTests : IDisposable
{
    private const string Ring = """[{"type":"circle","cx":50,"cy":40,"r":20,"hollow":6},{"op":"subtract","type":"rectangle","x":0,"y":0,"width":50,"height":80}]""";

    private readonly string _folder = Directory.CreateTempSubdirectory("flexedit-cli").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    [Fact]
    public async Task Draws_the_mask_that_the_rasteriser_draws()
    {
        var path = Path.Combine(_folder, "mask.png");

        (await RunAsync("masks", "draw", "--size", "100x80", "--shapes", Ring, "-o", path)).ShouldBe(ExitCode.Done);

        var drawn = PictureDecoder.DecodeFile(path).Pixels;
        var expected = MarkRasteriser.Draw(MarkReader.Read(Ring), 100, 80);
        drawn.Pixels.Where((_, i) => i % 4 == 0).ShouldBe(expected.Pixels);
        _output.ToString().ShouldContain($"{expected.Count} of 100x80 pixels marked");
    }

    [Fact]
    public async Task Reads_marks_from_a_file_too()
    {
        var marks = Path.Combine(_folder, "marks.json");
        await File.WriteAllTextAsync(marks, Ring, TestContext.Current.CancellationToken);

        (await RunAsync("masks", "draw", "--size", "100x80", "--shapes", marks, "-o", Path.Combine(_folder, "mask.png"))).ShouldBe(ExitCode.Done);
    }

    [Fact]
    public async Task Names_the_mark_that_cannot_be_drawn()
    {
        (await RunAsync("masks", "draw", "--size", "9x9", "--shapes", """[{"type":"circle","cx":1,"cy":1,"r":-2}]""", "-o", "x.png")).ShouldBe(ExitCode.Usage);

        _error.ToString().ShouldStartWith("error: --shapes[0].r ");
    }

    [Theory]
    [InlineData("--size wants width and height", "masks", "draw", "--size", "100", "--shapes", "[]", "-o", "x.png")]
    [InlineData("--size wants width and height", "masks", "draw", "--size", "20000x20000", "--shapes", "[]", "-o", "x.png")]
    [InlineData("Give either --mask or --shapes.", "edit", "--scene", "a.png", "--instruction", "x")]
    [InlineData("Give either --mask or --shapes.", "edit", "--scene", "a.png", "--instruction", "x", "--mask", "m.png", "--shapes", "[]")]
    [InlineData("--pause stops before there is a result", "edit", "--scene", "a.png", "--instruction", "x", "--mask", "m.png", "--pause", "-o", "x.png")]
    [InlineData("Give --mask or --shapes, not both.", "approve", "edt_1", "--mask", "m.png", "--shapes", "[]")]
    [InlineData("Required argument missing", "approve")]
    [InlineData("--server wants an address", "list", "--server", "localhost:8080")]
    [InlineData("Required argument missing", "get")]
    [InlineData("This removes all of a tenant for good; say --yes.", "admin", "tenants", "erase", "acme")]
    [InlineData("--edits-in-flight wants a number, 'none' or 'default'.", "admin", "tenants", "limits", "acme", "--edits-in-flight", "many")]
    [InlineData("--overlap-hours wants a number from 0 to 720.", "admin", "keys", "rotate", "key_x", "--overlap-hours", "721")]
    public async Task Refuses_a_command_line_that_makes_no_sense(string sentence, params string[] arguments)
    {
        (await RunAsync(arguments)).ShouldBe(ExitCode.Usage);

        _error.ToString().ShouldContain(sentence);
    }

    [Fact]
    public async Task Says_that_no_server_answers()
    {
        (await RunAsync("list", "--server", $"http://127.0.0.1:{ClosedPort()}")).ShouldBe(ExitCode.Unreachable);

        _error.ToString().ShouldStartWith("error: No FlexEdit server answers at http://127.0.0.1:");
        _output.ToString().ShouldBeEmpty();
    }

    [Fact]
    public async Task Says_which_file_is_missing()
    {
        (await RunAsync("edit", "--scene", Path.Combine(_folder, "none.png"), "--shapes", "[]", "-i", "x")).ShouldBe(ExitCode.Failed);

        _error.ToString().ShouldContain("none.png");
        _error.ToString().Count(c => c == '\n').ShouldBe(1);
    }

    [Theory]
    [InlineData("a/b.png", 1, "a/b-1.png")]
    [InlineData("b.c.png", 0, "b.c-0.png")]
    public void Numbers_several_results(string path, int index, string expected) =>
        OutputFiles.Numbered(path, index).ShouldBe(expected);

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        _output.Dispose();
        _error.Dispose();
    }

    private Task<int> RunAsync(params string[] arguments) =>
        FlexEditCommand.RunAsync(arguments, Terminal.To(_output, _error), TestContext.Current.CancellationToken);

    private static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
