using FlexEdit.Tests.EndToEnd.Hosting;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.EndToEnd.Doors;

/// <summary>OpenAI's client with a key that is none.</summary>
[Collection(OwnServerCollection.Name)]
public sealed class OpenAiKeyTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("flexedit-door-keys").FullName;
    private readonly DoorPictures _pictures = new();

    [Fact]
    public async Task Throws_that_the_key_is_no_key()
    {
        await using var server = await ServerProcess.StartAsync(_data, ("FLEXEDIT__Gateway__Keys", "required"));

        var said = await NodeScript.RunAsync(
            Checkout.Root, "openai.mjs", TestContext.Current.CancellationToken, "key", server.Address.ToString(), "sk-nobodys", _pictures.Folder);

        OpenAiNodeTests.ShouldBe(said.GetProperty("failure"), "AuthenticationError", 401, "invalid_api_key", null);
        server.Log.ShouldNotContain("sk-nobodys");
    }

    public void Dispose()
    {
        _pictures.Dispose();
        Directory.Delete(_data, recursive: true);
    }
}
