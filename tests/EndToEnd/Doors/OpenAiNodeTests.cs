using System.Text.Json;
using FlexEdit.Contracts.Edits;
using FlexEdit.Tests.EndToEnd.Hosting;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.EndToEnd.Doors;

/// <summary>OpenAI's official client for JavaScript against the server.</summary>
[Collection(ServerCollection.Name)]
public sealed class OpenAiNodeTests(StandaloneServer server) : IDisposable
{
    private readonly DoorPictures _pictures = new();

    [Fact]
    public async Task Edits_the_first_image_with_a_mask_and_the_second_as_subject()
    {
        var images = await RunAsync("edit");

        var job = await server.Calls.GetAsync(images.GetProperty("edit").GetString()!);
        (job.Status, job.Inputs!.Subject!.Width, job.Instruction).ShouldBe((EditStatus.Succeeded, 64, "Add the object of [pic2] at the mask in [pic1]."));
        images.GetProperty("digests").EnumerateArray().Select(one => one.GetString()).ShouldBe([job.Outputs.ShouldHaveSingleItem().Sha256]);
        (images.GetProperty("size").GetString(), images.GetProperty("created").GetInt64() > 1_700_000_000).ShouldBe(("320x240", true));
        var mask = (await server.Calls.PictureAsync($"/v1/edits/{job.Id}/inputs/mask")).WithoutAlpha();
        mask.Pixels.Where((_, i) => i % 3 == 0).Count(sample => sample == 255).ShouldBe(70 * 60);
    }

    [Fact]
    public async Task Gives_several_results_as_addresses()
    {
        var images = await RunAsync("several");

        images.ToString().ShouldBe("""{"urls":3,"status":200,"type":"image/webp","format":"webp"}""");
    }

    [Fact]
    public async Task Takes_json()
    {
        var images = await RunAsync("json");

        var job = await server.Calls.GetAsync(images.GetProperty("edit").GetString()!);
        images.GetProperty("digests")[0].GetString().ShouldBe(job.Outputs[0].Sha256);
    }

    [Fact]
    public async Task Streams_partial_images_and_the_result()
    {
        var events = (await RunAsync("stream")).GetProperty("events").EnumerateArray().ToList();

        events.Select(one => one.GetProperty("type").GetString())
            .ShouldBe(["image_edit.partial_image", "image_edit.partial_image", "image_edit.completed"], string.Join('\n', events));
        events.Take(2).Select(one => (one.GetProperty("index").GetInt32(), one.GetProperty("starts").GetString(), one.GetProperty("format").GetString()))
            .ShouldBe([(0, "ffd8", "jpeg"), (1, "ffd8", "jpeg")]);
        (events[2].GetProperty("starts").GetString(), events[2].GetProperty("format").GetString(), events[2].GetProperty("size").GetString()).ShouldBe(("8950", "png", "320x240"));
    }

    [Fact]
    public async Task An_aborted_request_cancels_its_edit()
    {
        var aborted = await RunAsync("abort");

        aborted.GetProperty("failure").GetProperty("name").GetString().ShouldBe("APIUserAbortError");
        (await server.Calls.EndOfAsync(aborted.GetProperty("edit").GetString()!)).Status.ShouldBe(EditStatus.Canceled);
    }

    [Fact]
    public async Task Throws_the_exceptions_that_the_client_has_for_errors()
    {
        var failures = await RunAsync("failures");

        ShouldBe(failures.GetProperty("picture"), "BadRequestError", 400, "unsupported_image", "image");
        ShouldBe(failures.GetProperty("size"), "BadRequestError", 400, "option_out_of_range", "size");
        ShouldBe(failures.GetProperty("model"), "NotFoundError", 404, "model_not_found", "model");
        ShouldBe(failures.GetProperty("prompt"), "BadRequestError", 400, "instruction_required", "prompt");
        ShouldBe(failures.GetProperty("route"), "NotFoundError", 404, "not_found", null);
    }

    [Fact]
    public async Task Lists_the_models()
    {
        var models = await RunAsync("models");

        models.GetProperty("ids").EnumerateArray().Select(id => id.GetString()).ShouldContain("flexedit-tiny");
        (models.GetProperty("object").GetString(), models.GetProperty("owner").GetString(), models.GetProperty("created").GetInt64()).ShouldBe(("model", "flexedit", 0));
    }

    public void Dispose() => _pictures.Dispose();

    internal static void ShouldBe(JsonElement failure, string name, int status, string code, string? param)
    {
        failure.ValueKind.ShouldBe(JsonValueKind.Object);
        (failure.GetProperty("name").GetString(), failure.GetProperty("status").GetInt32(), failure.GetProperty("code").GetString(), failure.GetProperty("param").GetString(), failure.GetProperty("id").GetBoolean())
            .ShouldBe((name, status, code, param, true), failure.ToString());
    }

    private Task<JsonElement> RunAsync(string scenario) => NodeScript.RunAsync(
        Checkout.Root, "openai.mjs", TestContext.Current.CancellationToken, scenario, server.Process.Address.ToString(), "unused", _pictures.Folder);
}
