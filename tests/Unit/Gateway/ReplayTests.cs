using System.Text.Json.Nodes;
using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Ledger;
using FlexEdit.Contracts.Models;
using FlexEdit.Platform.Problems;
using FlexEdit.Storage.Edits;
using FlexEdit.Tests.Unit.Gateway.Doors;
using FlexEdit.Tests.Unit.Gateway.Running;
using FlexEdit.Tests.Unit.Storage;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;
using static FlexEdit.Tests.Unit.Gateway.Running.Answers;

namespace FlexEdit.Tests.Unit.Gateway;

public class ReplayTests(DoorServer server) : IClassFixture<DoorServer>
{
    private readonly ScriptedWorker _worker = new(server);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_manifest_says_all_that_it_takes()
    {
        var id = await SubmittedAsync(("n", "2"), ("seed", "7"), ("subject", Pictures.SceneJpeg(20, 20)));
        var early = await ManifestAsync(id);
        early["model"]!["digests"].ShouldBeNull();
        early["outputs"]!.AsArray().ShouldBeEmpty();

        await _worker.FinishAsync(await _worker.PaintingAsync(id), ModelRun.Of(Cards.Card) with { Digests = new Dictionary<string, string> { ["a.safetensors"] = "aa" } }, [[1], [2]]);

        var manifest = await ManifestAsync(id);
        var job = await JobAsync(id);
        ((string)job["urls"]!["manifest"]!).ShouldBe($"/v1/edits/{id}/manifest");
        manifest["model"]!.ToJsonString().ShouldBe("""{"id":"flexedit-tiny","digests":{"a.safetensors":"aa"},"sampler":{"scheduler":"flow_match_euler","prediction_type":"sample"}}""");
        manifest["options"]!.ToJsonString().ShouldBe(job["options"]!.ToJsonString());
        foreach (var name in new[] { "scene", "mask", "subject" })
        {
            ((string)manifest["inputs"]![name]!["sha256"]!).ShouldBe((string)job["inputs"]![name]!["sha256"]!);
            ((string)manifest["inputs"]![name]!["upright_sha256"]!).Length.ShouldBe(64);
        }
        manifest["outputs"]!.AsArray().Select(one => (string)one!["sha256"]!).ShouldBe(job["outputs"]!.AsArray().Select(one => (string)one!["sha256"]!));
        manifest["outputs"]![0]!["region"]!.ToJsonString().ShouldBe("[120,80,260,300]");
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public async Task Says_whether_the_results_are_the_same(byte last, bool same)
    {
        var id = await SubmittedAsync(("n", "2"));
        await _worker.FinishAsync(await _worker.PaintingAsync(id), [1], [2]);

        using var answer = await ReplayAsync(id, ""","metadata":{"why":"to see"}""");
        answer.StatusCode.ShouldBe(202);
        var replay = await answer.BodyAsync();
        replay["replay"]!.ToJsonString().ShouldBe($$"""{"of":"{{id}}","pixels_match":null}""");
        var first = await JobAsync(id);
        foreach (var name in new[] { "model", "instruction", "options" })
            replay[name]!.ToJsonString().ShouldBe(first[name]!.ToJsonString());
        ((string)replay["metadata"]!["why"]!).ShouldBe("to see");

        // It holds the pictures for itself, and what it has to compare with.
        (await server.Client.DeleteAsync($"/v1/edits/{id}", Token)).StatusCode.ShouldBe(204);
        var again = (string)replay["id"]!;
        await _worker.FinishAsync(await _worker.PaintingAsync(again), [1], [last]);

        (await JobAsync(again))["replay"]!.ToJsonString().ShouldBe($$"""{"of":"{{id}}","pixels_match":{{(same ? "true" : "false")}}}""");
        (await server.Client.GetAsync($"/v1/edits/{again}/inputs/scene", Token)).StatusCode.ShouldBe(200);
    }

    [Fact]
    public async Task Compares_the_pictures_without_the_provenance_that_names_each_edit()
    {
        var id = await SubmittedAsync();
        await FinishAsync(id, sha256: "aa", picture: "p1");
        using var answer = await ReplayAsync(id);
        var again = (string)(await answer.BodyAsync())["id"]!;

        await FinishAsync(again, sha256: "bb", picture: "p1");

        var job = await JobAsync(again);
        ((bool)job["replay"]!["pixels_match"]!).ShouldBeTrue();
        ((string)job["outputs"]![0]!["sha256"]!, (string)job["outputs"]![0]!["picture_sha256"]!).ShouldBe(("bb", "p1"));
        ((string)(await ManifestAsync(again))["outputs"]![0]!["picture_sha256"]!).ShouldBe("p1");
    }

    private async Task FinishAsync(string id, string sha256, string picture) => (await server.Services.GetRequiredService<IAttemptLedger>().FinishGenerationAsync(
        new GenerationFinished { Attempt = await _worker.PaintingAsync(id), Outputs = [Samples.Output(id) with { Sha256 = sha256, PictureSha256 = picture }], Model = ModelRun.Of(Cards.Card), ModelMs = 1 }, Token)).ShouldBeTrue();

    [Fact]
    public async Task A_corrected_edit_is_run_again_as_corrected_and_asks_nobody()
    {
        var id = await SubmittedAsync(("pause_after", "understanding"));
        await _worker.UnderstoodAsync(id);
        using var corrections = Json("""{"label":"stool","instruction":"paint it","mask_shapes":[{"type":"circle","cx":9,"cy":9,"r":5}]}""");
        (await server.Client.PostAsync($"/v1/edits/{id}/approve", corrections, Token)).StatusCode.ShouldBe(200);
        await _worker.FinishAsync(await _worker.PaintingAsync(id), [1]);
        ((string)(await ManifestAsync(id))["label"]!).ShouldBe("stool");

        using var answer = await ReplayAsync(id);

        var replay = await answer.BodyAsync();
        var first = await JobAsync(id);
        ((string)replay["instruction"]!, (string)replay["inputs"]!["mask"]!["sha256"]!).ShouldBe(("paint it", (string)first["inputs"]!["mask"]!["sha256"]!));
        var attempts = server.Services.GetRequiredService<IAttemptLedger>();
        var grant = (await attempts.ClaimAsync(new ClaimAttempt { EditId = (string)replay["id"]!, Stage = EditStage.Understanding, Worker = "w" }, Token)).ShouldNotBeNull();
        grant.Label.ShouldBe("stool");
        await attempts.FinishUnderstandingAsync(new UnderstandingFinished { Attempt = grant.Attempt, Result = Samples.Understood, ModelMs = 1 }, Token);
        ((string)(await JobAsync((string)replay["id"]!))["stage"]!).ShouldBe("generating");
    }

    [Fact]
    public async Task Refuses_what_cannot_be_run_again()
    {
        var unfinished = await SubmittedAsync();
        using var early = await ReplayAsync(unfinished);
        await early.ShouldBeProblemAsync(409, "conflict", "replay_of");
        using var nothing = await ReplayAsync("edt_01j00000000000000000000000");
        await nothing.ShouldBeProblemAsync(404, "not_found", null);
        using var odd = await ReplayAsync("../x");
        await odd.ShouldBeProblemAsync(404, "not_found", "replay_of");
        using var beside = await ReplayAsync(unfinished, ""","seed":7""");
        await beside.ShouldBeProblemAsync(400, "malformed", "seed");

        foreach (var run in new[] { null, ModelRun.Of(Cards.Card) with { Digests = new Dictionary<string, string> { ["a"] = "b" } }, ModelRun.Of(Cards.Card) with { Sampler = Cards.Card.Sampler with { Scheduler = "ddim" } } })
        {
            var id = await SubmittedAsync();
            await _worker.FinishAsync(await _worker.PaintingAsync(id), run, [[1]]);
            using var changed = await ReplayAsync(id);
            await changed.ShouldBeProblemAsync(409, "model_changed", "replay_of");
        }
    }

    [Fact]
    public async Task After_the_retention_manifest_and_replay_are_gone()
    {
        var id = await SubmittedAsync();
        await _worker.FinishAsync(await _worker.PaintingAsync(id), [1]);
        await server.Services.GetRequiredService<RemoveEditHandler>().HandleAsync(null, id, expired: true, Token);

        using var manifest = await server.Client.GetAsync($"/v1/edits/{id}/manifest", Token);
        await manifest.ShouldBeProblemAsync(410, "data_removed", null);
        using var replay = await ReplayAsync(id);
        await replay.ShouldBeProblemAsync(410, "data_removed", null);
    }

    [Fact]
    public async Task Another_tenants_edit_is_not_there()
    {
        var id = await SubmittedAsync();

        var problem = await Should.ThrowAsync<ProblemException>(() => server.Services.GetRequiredService<IEditRecipes>().ReadAsync("other", id, Token));

        problem.Problem.Status.ShouldBe(404);
    }

    private async Task<string> SubmittedAsync(params (string, object?)[] changes)
    {
        using var form = GoodForm(changes);
        using var answer = await server.Client.PostEditAsync(form);
        answer.StatusCode.ShouldBe(202);
        return (string)(await answer.BodyAsync())["id"]!;
    }

    private Task<HttpResponseMessage> ReplayAsync(string id, string more = "") => server.Client.PostEditAsync(Json($$"""{"replay_of":"{{id}}"{{more}}}"""));

    private async Task<JsonObject> JobAsync(string id)
    {
        using var answer = await server.Client.GetAsync($"/v1/edits/{id}", Token);
        return await answer.BodyAsync();
    }

    private async Task<JsonObject> ManifestAsync(string id)
    {
        using var answer = await server.Client.GetAsync($"/v1/edits/{id}/manifest", Token);
        answer.StatusCode.ShouldBe(200);
        return await answer.BodyAsync();
    }
}
