using System.Text.Json;
using FlexEdit.Contracts.Edits;
using FlexEdit.Tests.EndToEnd.Hosting;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.EndToEnd.Doors;

/// <summary>Replicate's official client for JavaScript against the server.</summary>
[Collection(ServerCollection.Name)]
public sealed class ReplicateNodeTests(StandaloneServer server) : IDisposable
{
    private readonly DoorPictures _pictures = new();

    [Fact]
    public async Task Runs_a_model_on_buffers_and_gives_files()
    {
        var run = await RunAsync("run");

        var seen = run.GetProperty("seen").EnumerateArray().ToList();
        seen.Select(one => one.GetProperty("status").GetString()).ShouldBe(["succeeded", "succeeded"]);
        var job = await server.Calls.GetAsync(seen[0].GetProperty("id").GetString()!);
        (job.Status, job.Inputs!.Subject!.Width, job.Instruction).ShouldBe((EditStatus.Succeeded, 64, "Add the object of [pic2] at the mask in [pic1]."));
        Texts(run, "digests").ShouldBe(job.Outputs.Select(output => output.Sha256));
        (string.Join(' ', Texts(run, "kinds")), run.GetProperty("type").GetString()).ShouldBe(("FileOutput FileOutput", "data:"));
        // Transparent pixels of a mask that has any are to be edited.
        (await server.Calls.PictureAsync($"/v1/edits/{job.Id}/inputs/mask")).WithoutAlpha().Pixels.Where((_, i) => i % 3 == 0).Count(sample => sample == 255).ShouldBe(70 * 60);
    }

    [Fact]
    public async Task Runs_a_model_and_asks_how_far_it_is()
    {
        var run = await RunAsync("poll");

        run.GetProperty("outputs").GetInt32().ShouldBe(4);
        var seen = run.GetProperty("seen").EnumerateArray().ToList();
        (seen[0].GetProperty("status").GetString(), seen[^1].GetProperty("status").GetString()).ShouldBe(("starting", "succeeded"));
        seen[^1].GetProperty("progress").GetProperty("percentage").GetDouble().ShouldBe(1);
        seen.Select(one => one.GetProperty("progress")).ShouldContain(
            progress => progress.ValueKind == JsonValueKind.Object && progress.GetProperty("current").GetInt32() < progress.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Waits_on_where_the_edit_takes_longer_than_the_request()
    {
        Texts(await RunAsync("outlast"), "digests").Distinct().Count().ShouldBe(4);
    }

    [Fact]
    public async Task Gives_texts_to_those_that_want_them() =>
        (await RunAsync("strings")).GetProperty("starts").GetString().ShouldBe("data:image/jpeg;base64,");

    [Fact]
    public async Task An_aborted_run_cancels_its_edit()
    {
        var aborted = await RunAsync("abort");

        (await server.Calls.EndOfAsync(aborted.GetProperty("id").GetString()!)).Status.ShouldBe(EditStatus.Canceled);
        aborted.GetProperty("output").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Makes_reads_lists_and_cancels_predictions()
    {
        var told = await RunAsync("predictions");

        var job = await server.Calls.GetAsync(told.GetProperty("id").GetString()!);
        told.GetProperty("digest").GetString().ShouldBe(job.Outputs.ShouldHaveSingleItem().Sha256);
        foreach (var (name, value) in new[]
        {
            ("made", "starting"), ("waited", "succeeded"), ("got", "succeeded"), ("canceled", "succeeded"), ("model", "flexedit/flexedit-tiny"), ("source", "api"), ("type", "image/png"), ("image", "image/png"),
        })
        {
            told.GetProperty(name).GetString().ShouldBe(value, name);
        }
        (told.GetProperty("version").GetBoolean(), told.GetProperty("time").GetBoolean()).ShouldBe((true, true));
    }

    [Fact]
    public async Task Uploads_files_and_uses_them()
    {
        var told = await RunAsync("files");

        told.GetProperty("metadata").GetProperty("order").GetInt32().ShouldBe(17);
        foreach (var name in new[] { "sha256", "listed", "used", "deleted" })
            told.GetProperty(name).GetBoolean().ShouldBeTrue(name);
        told.GetProperty("status").GetString().ShouldBe("succeeded");
        told.GetProperty("gone").GetProperty("status").GetInt32().ShouldBe(404);
    }

    [Fact]
    public async Task Streams_steps_results_and_the_end()
    {
        var events = (await RunAsync("stream")).GetProperty("events").EnumerateArray().ToList();

        events.Select(one => one.GetProperty("event").GetString()).Distinct().ShouldBe(["logs", "output", "done"]);
        events.ShouldAllBe(one => one.GetProperty("id").GetBoolean());
        var output = events.Single(one => one.GetProperty("event").GetString() == "output");
        (output.GetProperty("kind").GetString(), output.GetProperty("data").GetString()!.Length).ShouldBe(("FileOutput", 64));
        events[^1].GetProperty("data").GetString().ShouldBe("{}");
    }

    [Fact]
    public async Task Throws_what_is_wrong()
    {
        var failures = await RunAsync("failures");

        foreach (var (name, status, code, field) in new (string, int, string, string?)[]
        {
            ("prompt", 422, "instruction_required", "input.prompt"), ("option", 422, "option_out_of_range", "input.num_outputs"), ("picture", 415, "unsupported_image", "content"),
            ("model", 404, "not_found", null), ("version", 422, "unknown_model", "version"), ("prediction", 404, "not_found", null),
        })
        {
            var failure = failures.GetProperty(name);
            (failure.GetProperty("name").GetString(), failure.GetProperty("status").GetInt32(), failure.GetProperty("code").GetString(), failure.GetProperty("field").GetString())
                .ShouldBe(("ApiError", status, code, field), failure.ToString());
        }
        failures.GetProperty("training").GetProperty("status").GetInt32().ShouldBe(404);
    }

    public void Dispose() => _pictures.Dispose();

    internal static IEnumerable<string> Texts(JsonElement told, string name) => told.GetProperty(name).EnumerateArray().Select(one => one.GetString()!);

    private Task<JsonElement> RunAsync(string scenario) => NodeScript.RunAsync(
        Checkout.Root, "replicate.mjs", TestContext.Current.CancellationToken, scenario, server.Process.Address.ToString(), "unused", _pictures.Folder);
}
