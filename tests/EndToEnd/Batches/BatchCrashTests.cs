using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using FlexEdit.Tests.EndToEnd.Hosting;
using FlexEdit.Tests.EndToEnd.Pictures;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.EndToEnd.Batches;

/// <summary>After a batch's 202 no crash may lose a line or make two edits of one: gateway and storage are killed in the middle.</summary>
[Collection(OwnServerCollection.Name)]
public sealed class BatchCrashTests : IDisposable
{
    private const int Lines = 12;

    private static readonly (string, string)[] s_settings =
    [
        ("FLEXEDIT__Models__Folder", Path.Combine(Checkout.Root, "tests", "Integration", "Faults", "models")),
        ("FLEXEDIT__Models__Default", "simulated"),
        ("FLEXEDIT__Understanding__Engine", "simulated"),
        ("FLEXEDIT__Generation__Engine", "simulated"),
        ("FLEXEDIT__Generation__Simulation__StepTime", "00:00:00.100"),
        ("FLEXEDIT__Storage__BatchInFlight", "3"),
        ("FLEXEDIT__Gateway__BatchInterval", "00:00:00.200"),
    ];

    private readonly string _data = Directory.CreateTempSubdirectory("flexedit-batch").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Each_line_becomes_one_edit_though_the_server_is_killed_again_and_again()
    {
        string batch;
        await using (var first = await ServerProcess.StartAsync(_data, s_settings))
        {
            batch = await SubmittedAsync(first);
            await first.KillAsync(); // Right after the 202.
        }
        for (var made = 1; made <= 5; made += 4)
        {
            await using var killed = await ServerProcess.StartAsync(_data, s_settings);
            await UntilAsync(killed, batch, now => Ended(now) >= made);
            await killed.KillAsync();
        }

        await using var last = await ServerProcess.StartAsync(_data, s_settings);
        var done = await UntilAsync(last, batch, now => now.GetProperty("status").GetString() == "completed");

        Count(done, "succeeded").ShouldBe(Lines, $"{done}\n{last.Log}");
        var results = (await last.Http.GetStringAsync($"/v1/batches/{batch}/results", Token)).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        results.Select(line => line.GetProperty("custom_id").GetString()).ShouldBe(Enumerable.Range(0, Lines).Select(line => $"line {line}"));
        results.Select(line => line.GetProperty("edit").GetProperty("options").GetProperty("seed").GetInt32()).ShouldBe(Enumerable.Range(0, Lines));
        var edits = await last.Http.GetFromJsonAsync<JsonElement>("/v1/edits?limit=100", Token);
        edits.GetProperty("data").GetArrayLength().ShouldBe(Lines);
    }

    private static async Task<string> SubmittedAsync(ServerProcess server)
    {
        using var picture = new ByteArrayContent(Scenes.PhotographPng(64, 48)) { Headers = { ContentType = new MediaTypeHeaderValue("image/png") } };
        using var uploaded = await server.Http.PostAsync("/v1/assets", picture, Token);
        var scene = (await uploaded.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("id").GetString();
        var lines = Enumerable.Range(0, Lines).Select(line =>
            $$"""{"custom_id":"line {{line}}","scene":"{{scene}}","mask_shapes":[{"type":"circle","cx":24,"cy":24,"r":10}],"instruction":"Remove it.","seed":{{line}},"steps":1}""");
        using var body = new StringContent(string.Join('\n', lines), Encoding.UTF8, new MediaTypeHeaderValue("application/jsonl"));
        using var answer = await server.Http.PostAsync("/v1/batches", body, Token);
        ((int)answer.StatusCode).ShouldBe(202, server.Log);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("id").GetString()!;
    }

    private static async Task<JsonElement> UntilAsync(ServerProcess server, string batch, Func<JsonElement, bool> isThere)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromMinutes(3));
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            var now = await server.Http.GetFromJsonAsync<JsonElement>($"/v1/batches/{batch}", limit.Token);
            if (isThere(now))
                return now;
            await poll.WaitForNextTickAsync(limit.Token);
        }
    }

    private static int Count(JsonElement batch, string status) => batch.GetProperty("counts").GetProperty(status).GetInt32();

    private static int Ended(JsonElement batch) => Count(batch, "succeeded") + Count(batch, "failed");
}
