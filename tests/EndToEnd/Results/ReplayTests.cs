using System.Net.Http.Json;
using System.Text.Json;
using FlexEdit.Cli.Api;
using FlexEdit.Contracts.Edits;
using FlexEdit.Tests.EndToEnd.Hosting;
using FlexEdit.Tests.EndToEnd.Pictures;
using FlexEdit.Tests.EndToEnd.Requests;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.EndToEnd.Results;

/// <summary>Edits that are run again, with the real model.</summary>
[Collection(ServerCollection.Name)]
public sealed class ReplayTests(StandaloneServer server)
{
    private static readonly EditForm s_form = new()
    {
        Scene = Scenes.PhotographPng(),
        Shapes = Scenes.RingAt(160, 120, 50),
        Subject = Scenes.SubjectPng(),
        Instruction = "Add the object of [pic2].",
        Options = [("n", "2"), ("seed", "7"), ("output_format", "webp")],
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_replay_has_the_same_pixels()
    {
        var first = await server.Calls.RunAsync(s_form);

        var (again, replay) = await ReplayAsync(first.Id);

        replay.ShouldBe($$"""{"of":"{{first.Id}}","pixels_match":true}""");
        again.Outputs.Select(output => output.PictureSha256).ShouldBe(first.Outputs.Select(output => output.PictureSha256));
        var manifest = await server.Http.GetFromJsonAsync<JsonElement>($"/v1/edits/{first.Id}/manifest", Cancellation);
        manifest.GetProperty("model").GetProperty("digests").EnumerateObject().ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_replay_of_a_corrected_edit_has_the_corrected_pixels()
    {
        var plain = await server.Calls.RunAsync(s_form);
        var id = (await server.Calls.SubmitAsync(s_form with { Options = [.. s_form.Options, ("pause_after", "understanding")] })).Id;
        var job = await server.Calls.GetAsync(id);
        while (job.Status != EditStatus.AwaitingApproval)
            job = JsonSerializer.Deserialize<EditJob>(await server.Http.GetStringAsync($"/v1/edits/{id}?wait=20&after={job.Sequence}", Cancellation), Contracts.ContractJson.Options)!;
        using var corrections = JsonContent.Create(new { label = "hat", mask_shapes = new[] { new { type = "circle", cx = 100, cy = 90, r = 30 } } });
        (await server.Http.PostAsync($"/v1/edits/{id}/approve", corrections, Cancellation)).EnsureSuccessStatusCode();
        var corrected = await server.Calls.EndOfAsync(id);

        var (again, replay) = await ReplayAsync(id);

        replay.ShouldBe($$"""{"of":"{{id}}","pixels_match":true}""");
        again.Outputs.Select(output => output.PictureSha256).ShouldBe(corrected.Outputs.Select(output => output.PictureSha256));
        again.Outputs[0].PictureSha256.ShouldNotBe(plain.Outputs[0].PictureSha256);
    }

    private async Task<(EditJob Job, string Replay)> ReplayAsync(string of)
    {
        using var answer = await server.Http.PostAsJsonAsync("/v1/edits", new { replay_of = of }, Cancellation);
        var accepted = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        ((int)answer.StatusCode).ShouldBe(202, accepted.ToString());
        var job = await server.Calls.EndOfAsync(accepted.GetProperty("id").GetString()!);
        job.Status.ShouldBe(EditStatus.Succeeded);
        return (job, (await server.Http.GetFromJsonAsync<JsonElement>($"/v1/edits/{job.Id}", Cancellation)).GetProperty("replay").GetRawText());
    }
}
