using FlexEdit.Cli.Commands;
using FlexEdit.Cli.Showing;
using FlexEdit.Imaging.Decoding;
using FlexEdit.Tests.EndToEnd.Hosting;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.EndToEnd.Results;

/// <summary>What <c>./run</c> shows a newcomer.</summary>
[Collection(ServerCollection.Name)]
public sealed class SampleTests(StandaloneServer server) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flexedit-samples").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    [Fact]
    public async Task Every_sample_is_edited_and_drawn_beside_its_scene_and_mask()
    {
        string[] arguments = ["samples", "--server", server.Process.Address.ToString(), "--from", Checkout.Samples, "--out", _folder];

        var code = await FlexEditCommand.RunAsync(arguments, Terminal.To(_output, _error), TestContext.Current.CancellationToken);

        code.ShouldBe(ExitCode.Done, $"{_output}\n{_error}");
        var text = _output.ToString();
        text.ShouldContain("The masks mean \"");
        text.ShouldContain("every other one is the scene's");
        var drawn = Directory.GetFiles(_folder, "*.png");
        drawn.Length.ShouldBe(2);
        foreach (var file in drawn)
        {
            text.ShouldContain(file);
            var picture = PictureDecoder.DecodeFile(file).Pixels;
            picture.Width.ShouldBeGreaterThan(2 * picture.Height);
        }
    }

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        _output.Dispose();
        _error.Dispose();
    }
}
