using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using FlexEdit.Tests.EndToEnd.Pictures;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Integration.Hosting;

public sealed class AssetTests(Cloud cloud) : CloudTest(cloud)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_asset_taken_in_by_one_gateway_is_edited_by_another_and_is_nobody_elses()
    {
        using var body = new ByteArrayContent(Scenes.PhotographPng(50, 50)) { Headers = { ContentType = new MediaTypeHeaderValue("image/png") } };
        using var uploaded = await Cloud.Gateway.Http.PostAsync("/v1/assets", body, Token);
        ((int)uploaded.StatusCode).ShouldBe(201, customMessage: Cloud.Gateway.Log);
        var asset = (await uploaded.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("id").GetString()!;
        var other = Cloud.Start("FlexEdit.Gateway", ("Gateway__SubmitTimeout", "00:00:20"));
        await other.ReadyAsync();
        other.Http.DefaultRequestHeaders.Authorization = Cloud.Gateway.Http.DefaultRequestHeaders.Authorization;

        using var submitted = await other.Http.PostAsJsonAsync("/v1/edits", Edit(asset), Token);
        var job = await submitted.Content.ReadFromJsonAsync<JsonElement>(Token);
        ((int)submitted.StatusCode).ShouldBe(202, customMessage: $"{job}\n{other.Log}");
        job.GetProperty("inputs").GetProperty("scene").GetProperty("asset").GetString().ShouldBe(asset);
        Cloud.StatusOf(await Cloud.EndedAsync(job.GetProperty("id").GetString()!)).ShouldBe("succeeded");

        // Group 46: another tenant's id, on every verb and in a body.
        using var stranger = new HttpClient { BaseAddress = Cloud.Gateway.Http.BaseAddress };
        stranger.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await Cloud.AdminAsync("keys", "create", "--tenant", "stranger"));
        ((int)(await stranger.GetAsync($"/v1/assets/{asset}", Token)).StatusCode).ShouldBe(404);
        ((int)(await stranger.DeleteAsync($"/v1/assets/{asset}", Token)).StatusCode).ShouldBe(404);
        (await stranger.GetFromJsonAsync<JsonElement>("/v1/assets", Token)).GetProperty("data").GetArrayLength().ShouldBe(0);
        using var refused = await stranger.PostAsJsonAsync("/v1/edits", Edit(asset), Token);
        var problem = await refused.Content.ReadFromJsonAsync<JsonElement>(Token);
        (problem.GetProperty("code").GetString(), problem.GetProperty("param").GetString()).ShouldBe(("unknown_asset", "scene"));

        ((int)(await other.Http.DeleteAsync($"/v1/assets/{asset}", Token)).StatusCode).ShouldBe(204);
        ((int)(await Cloud.Gateway.Http.GetAsync($"/v1/assets/{asset}", Token)).StatusCode).ShouldBe(404);
    }

    private static object Edit(string scene) => new
    {
        scene,
        mask_shapes = new[] { new { type = "circle", cx = 24, cy = 24, r = 10 } },
        instruction = "Remove it.",
        steps = 2,
    };
}
