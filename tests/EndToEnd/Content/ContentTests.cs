using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FlexEdit.Contracts.Edits;
using FlexEdit.Tests.EndToEnd.Hosting;
using FlexEdit.Tests.EndToEnd.Pictures;
using FlexEdit.Tests.EndToEnd.Requests;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.EndToEnd.Content;

[Collection(OwnServerCollection.Name)]
public sealed class ContentTests : IDisposable
{
    private static readonly EditForm s_red = new() { Scene = Scenes.PhotographPng(), Shapes = ContentServer.Everything, Options = [("seed", $"{ColourClassifier.Seed(red: true)}")] };
    private static readonly EditForm s_blue = s_red with { Options = [("seed", $"{ColourClassifier.Seed(red: false)}")] };

    private readonly string _data = Directory.CreateTempSubdirectory("flexedit-content").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task What_the_classifier_finds_is_rejected_and_nothing_of_it_is_shown()
    {
        await using var server = await ContentServer.StartAsync(_data);
        var calls = new EditCalls(server);

        // Inputs: before any model sees them.
        foreach (var form in new[] { s_blue with { Scene = ContentServer.RedPng() }, s_blue with { Subject = ContentServer.RedPng() }, s_blue with { Scene = ContentServer.RedPng(alpha: 0) } })
        {
            var rejected = await RejectedAsync(server, form, "input_rejected");
            rejected.GetProperty("attempts").EnumerateArray().Select(attempt => attempt.GetProperty("stage").GetString()).ShouldBe(["understanding"]);
        }

        // A result: after it was painted and before anybody sees it.
        var job = await RejectedAsync(server, s_red, "output_rejected");
        var id = job.GetProperty("id").GetString()!;
        job.GetProperty("attempts").GetArrayLength().ShouldBe(2);
        foreach (var path in new[] { "outputs/0", "outputs/0/edited-mask", "preview" })
        {
            using var answer = await server.Http.GetAsync($"/v1/edits/{id}/{path}", Cancellation);
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound, path);
        }
        Pictures(id).ShouldBeEmpty();

        // The rest passes; nothing is shown before its verdict.
        var fine = await calls.SubmitAsync(s_blue);
        var events = new List<string>();
        await foreach (var item in calls.EventsAsync(fine.Id))
            events.Add(item.EventType);
        events.ShouldContain("done");
        events.ShouldNotContain("preview");
        (await calls.GetAsync(fine.Id)).Status.ShouldBe(EditStatus.Succeeded, server.Log);

        // The door answers as its clients expect.
        using var images = new MultipartFormDataContent { { new ByteArrayContent(ContentServer.RedPng()), "image", "image.png" }, { new StringContent("remove it"), "prompt" } };
        using var moderated = await server.Http.PostAsync("/v1/images/edits", images, Cancellation);
        moderated.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var error = (await moderated.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("error");
        (error.GetProperty("code").GetString(), error.GetProperty("type").GetString()).ShouldBe(("moderation_blocked", "invalid_request_error"));
        server.Log.ShouldContain("was rejected with");
    }

    [Fact]
    public async Task Previews_that_pass_may_be_shown_and_others_are_not()
    {
        await using var server = await ContentServer.StartAsync(_data, ("FLEXEDIT__Content__Previews", "screened"));
        var calls = new EditCalls(server);
        var fine = s_blue with { Options = [.. s_blue.Options, ("steps", "20")] };

        var job = await calls.SubmitAsync(fine);
        var shown = new List<string>();
        await foreach (var item in calls.EventsAsync(job.Id))
            shown.Add(item.EventType);
        shown.ShouldContain("preview");

        var rejected = await RejectedAsync(server, s_red with { Options = [.. s_red.Options, ("steps", "20")] }, "output_rejected");
        Pictures(rejected.GetProperty("id").GetString()!).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_classifier_that_is_another_file_ends_the_start_with_a_sentence()
    {
        var refused = await Should.ThrowAsync<InvalidOperationException>(() => ContentServer.StartAsync(_data, ("FLEXEDIT__Content__Sha256", new string('0', 64))));

        refused.Message.ShouldContain("exit code 2");
        refused.Message.ShouldContain("FLEXEDIT__Content__Classifier cannot be used: ");
        refused.Message.ShouldContain("another SHA-256");
    }

    [Fact]
    public async Task Results_carry_no_provenance_where_it_is_switched_off()
    {
        await using var server = await ContentServer.StartPlainAsync(_data, ("FLEXEDIT__Generation__Provenance", "false"));
        var calls = new EditCalls(server);

        var job = await calls.RunAsync(s_red);

        job.Outputs[0].PictureSha256.ShouldBe(job.Outputs[0].Sha256);
        using var result = NetVips.Image.NewFromBuffer(await calls.DownloadAsync(job.Outputs[0].Url));
        result.Contains("xmp-data").ShouldBeFalse();
    }

    private static async Task<JsonElement> RejectedAsync(ServerProcess server, EditForm form, string code)
    {
        var calls = new EditCalls(server);
        var ended = await calls.EndOfAsync((await calls.SubmitAsync(form)).Id);
        var job = await server.Http.GetFromJsonAsync<JsonElement>($"/v1/edits/{ended.Id}", Cancellation);
        ended.Status.ShouldBe(EditStatus.Failed, $"{job}\n{server.Log}");
        (ended.Error!.Code, ended.Error.Retryable).ShouldBe((code, false));
        job.GetProperty("outputs").GetArrayLength().ShouldBe(0);
        return job;
    }

    // Whatever was stored of an edit that shows what was painted.
    private IEnumerable<string> Pictures(string id) => Directory.EnumerateFiles(Path.Combine(_data, "objects"), "*", SearchOption.AllDirectories)
        .Where(path => path.Contains(id, StringComparison.Ordinal) && (Path.GetFileName(path).StartsWith("output-", StringComparison.Ordinal) || Path.GetFileName(path).StartsWith("preview-", StringComparison.Ordinal)));
}
