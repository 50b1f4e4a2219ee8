using System.Net;
using System.Text.Json;
using FlexEdit.Contracts.Edits;
using FlexEdit.Storage.Telemetry;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Storage;

/// <summary>What a scaler and an operator read from storage.</summary>
public sealed class OutstandingTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Counts_what_waits_and_runs_by_stage_until_it_is_done()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var first = await storage.SubmitAsync();
        await storage.SubmitAsync();
        (await WorkAsync(storage, EditStage.Understanding)).ShouldBe((2, 0, 2 * OutstandingWork.Unknown));

        var attempt = await storage.ClaimedAsync(first);
        (await WorkAsync(storage, EditStage.Understanding)).ShouldBe((1, 1, 2 * OutstandingWork.Unknown));

        await storage.UnderstandAsync(attempt);
        (await WorkAsync(storage, EditStage.Understanding)).ShouldBe((1, 0, OutstandingWork.Unknown));
        (await WorkAsync(storage, EditStage.Generating)).ShouldBe((1, 0, OutstandingWork.Unknown));

        await storage.CancelAsync(first);
        (await WorkAsync(storage, EditStage.Generating)).ShouldBe((0, 0, 0));
    }

    [Fact]
    public async Task Estimates_from_what_the_models_newest_edits_took()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        await storage.SucceededAsync();
        await storage.SubmitAsync("another");
        await storage.UnderstoodAsync();

        // Samples: 38 ms to understand, 900 ms to generate.
        (await WorkAsync(storage, EditStage.Understanding)).ShouldBe((1, 0, 0.038));
        (await WorkAsync(storage, EditStage.Generating)).ShouldBe((1, 0, 0.9));
    }

    [Fact]
    public async Task Counts_edits_that_are_held_back_and_those_that_wait_for_a_repetition()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder, settings: [("Storage:ReleaseAhead", "1")]);
        var first = await storage.SubmitAsync();
        var second = await storage.SubmitAsync();
        (await storage.RowAsync(second)).Held.ShouldBeTrue();
        await storage.FailAsync(await storage.ClaimedAsync(first));

        (await WorkAsync(storage, EditStage.Understanding)).Queued.ShouldBe(2);
    }

    [Fact]
    public async Task Serves_the_numbers_and_the_metrics_on_their_own_port_and_nothing_else_there()
    {
        var port = FreePorts.Next();
        await using var server = await StorageServer.StartAsync(_folder, ("Telemetry:Url", $"http://127.0.0.1:{port}"));
        using var pages = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

        var one = JsonDocument.Parse(await pages.GetStringAsync("/outstanding/generating/flexedit-tiny", Token)).RootElement;
        one.GetProperty("gpu_seconds").GetDouble().ShouldBe(0);
        one.GetProperty("queued").GetInt32().ShouldBe(0);
        JsonDocument.Parse(await pages.GetStringAsync("/outstanding", Token)).RootElement.GetProperty("work").GetArrayLength().ShouldBe(0);
        (await pages.GetStringAsync("/metrics", Token)).ShouldContain("flexedit_outbox_messages");
        foreach (var path in new[] { "/outstanding/painting/flexedit-tiny", "/v1/edits", "/healthz/live", "/internal/attempts/claim" })
            (await pages.GetAsync(path, Token)).StatusCode.ShouldBe(HttpStatusCode.NotFound, path);
        foreach (var path in new[] { "/metrics", "/outstanding", "/outstanding/generating/flexedit-tiny" })
        {
            (await server.Client.GetAsync(path, Token)).StatusCode.ShouldBe(HttpStatusCode.NotFound, path);
            using var feigned = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = $"127.0.0.1:{port}" } };
            (await server.Client.SendAsync(feigned, Token)).StatusCode.ShouldBe(HttpStatusCode.NotFound, path);
        }
    }

    [Fact]
    public async Task Answers_503_while_the_ledger_does_not_so_that_a_scaler_keeps_what_it_has()
    {
        var port = FreePorts.Next();
        await using var server = await StorageServer.StartAsync(_folder, ("Telemetry:Url", $"http://127.0.0.1:{port}"));
        await using (var storage = await StorageUnderTest.StartAsync(_folder))
        await using (var ledger = await storage.OpenAsync())
            await ledger.Database.ExecuteSqlRawAsync("""ALTER TABLE edits RENAME TO edits_away""", Token);
        using var pages = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

        HttpStatusCode status;
        do
            status = (await pages.GetAsync("/outstanding/generating/flexedit-tiny", Token)).StatusCode;
        while (status == HttpStatusCode.OK); // Up to a second old.
        status.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    private static async Task<(int Queued, int Running, double GpuSeconds)> WorkAsync(StorageUnderTest storage, string stage)
    {
        storage.Time.Advance(TimeSpan.FromSeconds(1));
        string model;
        await using (var ledger = await storage.OpenAsync())
            model = await ledger.Edits.Select(e => e.Model).FirstAsync(Token);
        var work = await storage.Get<OutstandingWork>().OfAsync(stage, model, Token);
        return (work.Queued, work.Running, Math.Round(work.GpuSeconds, 6));
    }
}
