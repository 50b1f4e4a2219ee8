using System.Text.RegularExpressions;
using FlexEdit.Imaging.Decoding;
using FlexEdit.Tests.EndToEnd.Hosting;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.EndToEnd.Doors;

/// <summary>The examples on the doors' pages, as they stand there, with this server's address.</summary>
[Collection(ServerCollection.Name)]
public sealed partial class DocumentedExampleTests(StandaloneServer server) : IDisposable
{
    private readonly DoorPictures _pictures = new();

    [Theory]
    [InlineData("openai.md")]
    [InlineData("replicate.md")]
    public async Task Writes_the_result(string page)
    {
        var example = Example().Match(await File.ReadAllTextAsync(Path.Combine(Checkout.Root, "docs", page), TestContext.Current.CancellationToken)).Groups["code"].Value;
        example.ShouldContain("http://127.0.0.1:8080/");
        File.Copy(Path.Combine(_pictures.Folder, "scene.png"), Path.Combine(_pictures.Folder, "room.png"));

        await NodeScript.RunTextAsync(
            Checkout.Root, example.Replace("http://127.0.0.1:8080/", server.Process.Address.ToString(), StringComparison.Ordinal), _pictures.Folder, TestContext.Current.CancellationToken);

        var result = PictureDecoder.DecodeFile(Path.Combine(_pictures.Folder, "result.png")).Pixels;
        (result.Width, result.Height).ShouldBe((DoorPictures.Width, DoorPictures.Height));
    }

    public void Dispose() => _pictures.Dispose();

    [GeneratedRegex("```js\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
