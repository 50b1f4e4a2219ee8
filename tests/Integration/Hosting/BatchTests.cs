using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using FlexEdit.Tests.EndToEnd.Pictures;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Integration.Hosting;

public sealed class BatchTests(Cloud cloud) : CloudTest(cloud)
{
    private const int Lines = 12;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_line_becomes_one_edit_though_the_gateway_that_took_the_batch_in_is_killed()
    {
        var dying = Cloud.Start("FlexEdit.Gateway", ("Gateway__SubmitTimeout", "00:00:20"), ("Gateway__BatchInterval", "00:00:00.100"));
        await dying.ReadyAsync();
        dying.Http.DefaultRequestHeaders.Authorization = Cloud.Gateway.Http.DefaultRequestHeaders.Authorization;
        var scene = $"data:image/png;base64,{Convert.ToBase64String(Scenes.PhotographPng(48, 48))}";
        var lines = Enumerable.Range(0, Lines).Select(line =>
            $$"""{"custom_id":"{{line}}","scene":"{{scene}}","mask_shapes":[{"type":"circle","cx":24,"cy":24,"r":10}],"instruction":"Remove it.","seed":{{line}},"steps":1}""");
        using var body = new StringContent(string.Join('\n', lines.Append("{")), Encoding.UTF8, new MediaTypeHeaderValue("application/jsonl"));
        using var answer = await dying.Http.PostAsync("/v1/batches", body, Token);
        ((int)answer.StatusCode).ShouldBe(202, customMessage: $"{dying.Log}\n{Cloud.Storage.Log}");
        var path = answer.Headers.Location!.ToString();

        await dying.KillAsync();
        // A line that it had taken is handed out again after a minute.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromMinutes(4));
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        JsonElement batch;
        while ((batch = await Cloud.Gateway.Http.GetFromJsonAsync<JsonElement>(path, limit.Token)).GetProperty("status").GetString() != "completed")
            await poll.WaitForNextTickAsync(limit.Token);

        var counts = batch.GetProperty("counts");
        (counts.GetProperty("succeeded").GetInt32(), counts.GetProperty("failed").GetInt32()).ShouldBe((Lines, 1), $"{batch}");
        var results = (await Cloud.Gateway.Http.GetStringAsync($"{path}/results", Token)).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        results.Take(Lines).Select(line => line.GetProperty("edit").GetProperty("options").GetProperty("seed").GetInt32()).ShouldBe(Enumerable.Range(0, Lines));
        results[Lines].GetProperty("error").GetProperty("code").GetString().ShouldBe("malformed");
        results.Take(Lines).Select(line => line.GetProperty("edit").GetProperty("id").GetString()).Distinct().Count().ShouldBe(Lines);

        using var stranger = new HttpClient { BaseAddress = Cloud.Gateway.Http.BaseAddress };
        stranger.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await Cloud.AdminAsync("keys", "create", "--tenant", "stranger"));
        ((int)(await stranger.GetAsync(path, Token)).StatusCode).ShouldBe(404);
        ((int)(await stranger.GetAsync($"{path}/results", Token)).StatusCode).ShouldBe(404);
        ((int)(await stranger.PostAsync($"{path}/cancel", null, Token)).StatusCode).ShouldBe(404);
    }
}
