using FlexEdit.Tests.EndToEnd.Doors;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Integration.Hosting;

/// <summary>OpenAI's client against services in processes of their own, with keys.</summary>
public sealed class OpenAiDoorTests(Cloud cloud) : CloudTest(cloud)
{
    private readonly DoorPictures _pictures = new();

    [Fact]
    public async Task Edits_a_picture()
    {
        var images = await RunAsync("edit");

        var job = await Cloud.JobAsync(images.GetProperty("edit").GetString()!);
        Cloud.StatusOf(job).ShouldBe("succeeded");
        images.GetProperty("digests")[0].GetString().ShouldBe(job.GetProperty("outputs")[0].GetProperty("sha256").GetString());
    }

    [Fact]
    public async Task Streams_partial_images_over_the_broker()
    {
        var events = (await RunAsync("stream")).GetProperty("events").EnumerateArray().Select(one => one.GetProperty("type").GetString()).ToList();

        events.ShouldBe(["image_edit.partial_image", "image_edit.partial_image", "image_edit.completed"]);
    }

    [Fact]
    public async Task An_aborted_request_cancels_its_edit()
    {
        var aborted = await RunAsync("abort");

        Cloud.StatusOf(await Cloud.EndedAsync(aborted.GetProperty("edit").GetString()!)).ShouldBe("canceled");
    }

    public override ValueTask DisposeAsync()
    {
        _pictures.Dispose();
        return base.DisposeAsync();
    }

    private Task<System.Text.Json.JsonElement> RunAsync(string scenario) => NodeScript.RunAsync(
        Checkout.Root, "openai.mjs", TestContext.Current.CancellationToken, scenario, Cloud.Gateway.Address.ToString(), Cloud.Gateway.Http.DefaultRequestHeaders.Authorization!.Parameter!,
        _pictures.Folder);
}
