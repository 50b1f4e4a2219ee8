using System.ClientModel;
using System.Security.Cryptography;
using FlexEdit.Contracts.Edits;
using FlexEdit.Tests.EndToEnd.Hosting;
using FlexEdit.Tests.EndToEnd.Pictures;
using FlexEdit.Tests.EndToEnd.Requests;
using OpenAI;
using OpenAI.Images;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.EndToEnd.Doors;

/// <summary>OpenAI's official client for .NET against the server.</summary>
[Collection(ServerCollection.Name)]
public sealed class OpenAiDotNetTests(StandaloneServer server) : IDisposable
{
    private readonly DoorPictures _pictures = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ImageClient Client => new("gpt-image-1", new ApiKeyCredential("unused"), new OpenAIClientOptions { Endpoint = new Uri(server.Process.Address, "v1") });

    [Fact]
    public async Task Edits_an_image_with_a_mask()
    {
        await using var scene = File.OpenRead(Path.Combine(_pictures.Folder, "scene.png"));
        await using var mask = File.OpenRead(Path.Combine(_pictures.Folder, "mask.png"));

        var image = await Client.GenerateImageEditAsync(scene, "scene.png", "Remove the object.", mask, "mask.png", cancellationToken: Cancellation);

        var digest = Convert.ToHexStringLower(SHA256.HashData(image.Value.ImageBytes.ToArray()));
        image.GetRawResponse().Headers.TryGetValue("Location", out var location).ShouldBeTrue();
        (await server.Calls.GetAsync(location.ShouldNotBeNull()["/v1/edits/".Length..])).Outputs.ShouldHaveSingleItem().Sha256.ShouldBe(digest);
    }

    [Fact]
    public async Task Makes_several_results()
    {
        await using var scene = File.OpenRead(Path.Combine(_pictures.Folder, "scene.png"));

        var images = await Client.GenerateImageEditsAsync(
            scene, "scene.png", "Remove the object.", 2, new ImageEditOptions { ResponseFormat = GeneratedImageFormat.Bytes }, Cancellation);

        images.Value.Count.ShouldBe(2);
        images.Value.ShouldAllBe(image => image.ImageBytes.ToArray().Length > 1000);
    }

    [Fact]
    public async Task Throws_what_is_wrong()
    {
        await using var scene = new MemoryStream([1, 2, 3]);

        var problem = await Should.ThrowAsync<ClientResultException>(() => Client.GenerateImageEditAsync(scene, "scene.png", "Remove the object.", cancellationToken: Cancellation));

        problem.Status.ShouldBe(400);
        problem.Message.ShouldContain("unsupported_image");
    }

    [Fact]
    public async Task A_canceled_call_cancels_its_edit()
    {
        await using var scene = File.OpenRead(Path.Combine(_pictures.Folder, "scene.png"));
        // The client cannot ask for many steps; behind these its edit has to wait.
        var before = new List<string>();
        for (var i = 0; i < 4; i++)
            before.Add((await server.Calls.SubmitAsync(new EditForm { Scene = Scenes.PhotographPng(), Shapes = Scenes.RingAt(160, 120, 60), Options = [("steps", "50"), ("n", "4")] })).Id);
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var asked = Client.GenerateImageEditsAsync(scene, "scene.png", "Leave it.", 4, cancellationToken: leave.Token);
        string? id = null;
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (id is null && await poll.WaitForNextTickAsync(Cancellation))
        {
            var page = await server.Http.GetStringAsync("/v1/edits?limit=5", Cancellation);
            id = System.Text.Json.JsonDocument.Parse(page).RootElement.GetProperty("data").EnumerateArray()
                .Where(job => job.GetProperty("instruction").GetString() == "Leave it.").Select(job => job.GetProperty("id").GetString()).SingleOrDefault();
        }

        await leave.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(asked);
        (await server.Calls.EndOfAsync(id!)).Status.ShouldBe(EditStatus.Canceled);
        foreach (var other in before)
            (await server.Http.PostAsync($"/v1/edits/{other}/cancel", null, Cancellation)).EnsureSuccessStatusCode();
    }

    public void Dispose() => _pictures.Dispose();
}
