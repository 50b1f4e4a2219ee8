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
        var id = (string)(await answer.BodyAsync())["id"]!;
        var grant = (await ClaimAsync(id, EditStage.Understanding)).ShouldNotBeNull();
        (await Attempts.FinishUnderstandingAsync(new UnderstandingFinished { Attempt = grant.Attempt, Result = Samples.Understood, ModelMs = 1 }, Token)).ShouldBeTrue();
        return id;
    }

    private Task<AttemptGrant?> ClaimAsync(string id, string stage) =>
        Attempts.ClaimAsync(new ClaimAttempt { EditId = id, Stage = stage, Worker = "worker-1" }, Token);

    private Task<HttpResponseMessage> ApproveAsync(string id, HttpContent? content) => server.Client.PostAsync($"/v1/edits/{id}/approve", content, Token);
}
