using System.Text.Json.Nodes;
using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Ledger;
using FlexEdit.Tests.Unit.Gateway.Running;
using FlexEdit.Tests.Unit.Storage;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;
using static FlexEdit.Tests.Unit.Gateway.Running.Answers;

namespace FlexEdit.Tests.Unit.Gateway;

public class ApproveTests(GatewayServer server) : IClassFixture<GatewayServer>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IAttemptLedger Attempts => server.Services.GetRequiredService<IAttemptLedger>();

    [Fact]
    public async Task Lets_the_edit_go_on_and_again_the_same_answers_the_same()
    {
        var id = await PausedAsync();

        using var answer = await ApproveAsync(id, null);
        answer.StatusCode.ShouldBe(200);
        var job = await answer.BodyAsync();
        ((string)job["status"]!, (string)job["stage"]!, (string)job["urls"]!["approve"]!).ShouldBe(("processing", "generating", $"/v1/edits/{id}/approve"));

        using var again = await ApproveAsync(id, null);
        ((long)(await again.BodyAsync())["sequence"]!).ShouldBe((long)job["sequence"]!);
        using var other = await ApproveAsync(id, Json("""{"label":"stool"}"""));
        await other.ShouldBeProblemAsync(409, "conflict", null);
    }

    [Fact]
    public async Task Takes_a_form_with_a_mask_a_label_and_an_instruction()
    {
        var id = await PausedAsync();
        using var form = Form(("mask", Pictures.Mask()), ("mask_polarity", "black_edits"), ("label", " stool "), ("instruction", "paint it"));

        using var answer = await ApproveAsync(id, form);

        var job = await answer.BodyAsync();
        answer.StatusCode.ShouldBe(200);
        ((string)job["stage"]!, (string)job["instruction"]!).ShouldBe(("understanding", "paint it"));
        job["understanding"].ShouldBeNull();
        var grant = (await ClaimAsync(id, EditStage.Understanding)).ShouldNotBeNull();
        (grant.Label, grant.Inputs.Mask.Width).ShouldBe(("stool", Pictures.Width));
        server.UploadsLeft.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"label":"a \"chair\""}""", 422, "label_invalid", "label")]
    [InlineData("""{"label":"   "}""", 422, "label_invalid", "label")]
    [InlineData("""{"label":7}""", 400, "malformed", "label")]
    [InlineData("""{"steps":7}""", 422, "unknown_field", "steps")]
    [InlineData("""{"scene":"data:;base64,"}""", 422, "unknown_field", "scene")]
    [InlineData("""{"instruction":" "}""", 422, "instruction_required", "instruction")]
    [InlineData("""{"mask_shapes":[]}""", 422, "mask_empty", "mask_shapes")]
    [InlineData("[]", 400, "malformed", null)]
    public async Task Refuses_a_correction(string json, int status, string code, string? param)
    {
        var id = await PausedAsync();
        using var answer = await ApproveAsync(id, Json(json));
        await answer.ShouldBeProblemAsync(status, code, param);
        ((string)JsonNode.Parse(await server.Client.GetStringAsync($"/v1/edits/{id}", Token))!["status"]!).ShouldBe("awaiting_approval");
    }

    [Fact]
    public async Task A_key_stands_for_one_approval_of_one_edit()
    {
        var (id, other) = (await PausedAsync(), await PausedAsync());
        using var first = await ApproveAsync(id, Json("""{"label":"stool"}"""), ("Idempotency-Key", "approve-1"));
        first.StatusCode.ShouldBe(200);
        first.Headers.Contains("Idempotency-Replayed").ShouldBeFalse();

        using var again = await ApproveAsync(id, Json("""{"label":"stool"}"""), ("Idempotency-Key", "approve-1"));
        again.StatusCode.ShouldBe(200);
        again.Headers.GetValues("Idempotency-Replayed").ShouldBe(["true"]);
        ((string)(await again.BodyAsync())["id"]!).ShouldBe(id);

        using var words = await ApproveAsync(id, Json("""{"label":"chair"}"""), ("Idempotency-Key", "approve-1"));
        await words.ShouldBeProblemAsync(422, "idempotency_key_reused", "Idempotency-Key");
        using var elsewhere = await ApproveAsync(other, Json("""{"label":"stool"}"""), ("Idempotency-Key", "approve-1"));
        await elsewhere.ShouldBeProblemAsync(422, "idempotency_key_reused", "Idempotency-Key");
        using var form = GoodForm();
        using var submission = await server.Client.PostEditAsync(form, ("Idempotency-Key", "approve-1"));
        await submission.ShouldBeProblemAsync(422, "idempotency_key_reused", "Idempotency-Key");
        ((string)JsonNode.Parse(await server.Client.GetStringAsync($"/v1/edits/{other}", Token))!["status"]!).ShouldBe("awaiting_approval");
    }

    [Fact]
    public async Task A_refused_approval_takes_no_key()
    {
        var id = await PausedAsync();
        using (var refused = await ApproveAsync(id, Json("""{"label":" "}"""), ("Idempotency-Key", "approve-2")))
            await refused.ShouldBeProblemAsync(422, "label_invalid", "label");
        using var good = await ApproveAsync(id, Json("""{"label":"stool"}"""), ("Idempotency-Key", "approve-2"));
        good.StatusCode.ShouldBe(200);
        good.Headers.Contains("Idempotency-Replayed").ShouldBeFalse();
    }

    [Theory]
    [InlineData("wait=0")]
    [InlineData("respond-async")]
    public async Task Says_202_where_the_client_prefers_something_that_has_not_come(string preference)
    {
        using var answer = await ApproveAsync(await PausedAsync(), null, ("Prefer", preference));
        answer.StatusCode.ShouldBe(202);
        answer.Headers.GetValues("Preference-Applied").ShouldBe(["respond-async"]);
        answer.Headers.RetryAfter.ShouldNotBeNull();
        ((string)(await answer.BodyAsync())["status"]!).ShouldBe("processing");
    }

    [Fact]
    public async Task Waits_for_the_end_where_the_client_prefers_to()
    {
        var id = await PausedAsync();
        var waiting = ApproveAsync(id, null, ("Prefer", "wait=60"));
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        AttemptGrant? grant;
        while ((grant = await ClaimAsync(id, EditStage.Generating)) is null)
            await poll.WaitForNextTickAsync(Token);
        (await Attempts.FinishGenerationAsync(new GenerationFinished { Attempt = grant.Attempt, Outputs = [Samples.Output(id)], ModelMs = 1 }, Token)).ShouldBeTrue();

        using var answer = await waiting;

        answer.StatusCode.ShouldBe(200);
        answer.Headers.GetValues("Preference-Applied").ShouldBe(["wait=60"]);
        ((string)(await answer.BodyAsync())["status"]!).ShouldBe("succeeded");
    }

    [Theory]
    [InlineData("edt_01kav2q8m0e7x8r5n0c3w9f4zz")]
    [InlineData("nonsense")]
    public async Task Knows_no_other_edit(string id)
    {
        using var answer = await ApproveAsync(id, null);
        await answer.ShouldBeProblemAsync(404, "not_found", null);
    }

    private async Task<string> PausedAsync()
    {
        using var form = GoodForm(("pause_after", "understanding"));
        using var answer = await server.Client.PostEditAsync(form);
        answer.StatusCode.ShouldBe(202);
        var id = (string)(await answer.BodyAsync())["id"]!;
        var grant = (await ClaimAsync(id, EditStage.Understanding)).ShouldNotBeNull();
        (await Attempts.FinishUnderstandingAsync(new UnderstandingFinished { Attempt = grant.Attempt, Result = Samples.Understood, ModelMs = 1 }, Token)).ShouldBeTrue();
        return id;
    }

    private Task<AttemptGrant?> ClaimAsync(string id, string stage) =>
        Attempts.ClaimAsync(new ClaimAttempt { EditId = id, Stage = stage, Worker = "worker-1" }, Token);

    private async Task<HttpResponseMessage> ApproveAsync(string id, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/edits/{id}/approve") { Content = content };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        return await server.Client.SendAsync(request, Token);
    }
}
