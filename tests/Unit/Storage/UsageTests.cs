using FlexEdit.Contracts;
using FlexEdit.Storage.Edits;
using FlexEdit.Storage.Usage;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Storage;

public sealed class UsageTests : IDisposable
{
    private const long Pixels = 800 * 600;
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Adds_up_what_ended_per_day_and_model_folded_or_not()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        await storage.SucceededAsync();
        await storage.SucceededAsync();
        (await ReadAsync(storage)).ShouldBe([new UsageView("2026-11-24", "flexedit-tiny", 2, 2 * Pixels, 1.876)]);

        (await storage.Get<FoldUsage>().SweepAsync(Token)).ShouldBe(2);
        (await ReadAsync(storage)).ShouldBe([new UsageView("2026-11-24", "flexedit-tiny", 2, 2 * Pixels, 1.876)]);

        await storage.SucceededAsync();
        (await ReadAsync(storage)).ShouldBe([new UsageView("2026-11-24", "flexedit-tiny", 3, 3 * Pixels, 2.814)]);
        storage.Time.Advance(TimeSpan.FromDays(1));
        await storage.SucceededAsync();
        await storage.Get<FoldUsage>().SweepAsync(Token);
        (await ReadAsync(storage)).ShouldBe(
            [new UsageView("2026-11-24", "flexedit-tiny", 3, 3 * Pixels, 2.814), new UsageView("2026-11-25", "flexedit-tiny", 1, Pixels, 0.938)]);
        await using var ledger = await storage.OpenAsync();
        ledger.UsageEntries.ShouldBeEmpty();
    }

    [Fact]
    public async Task Counts_the_models_time_of_what_failed_or_was_canceled_and_nothing_of_what_never_ran()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var canceled = await storage.UnderstoodAsync();
        var attempt = await storage.ClaimedAsync(canceled, "generating");
        await storage.CancelAsync(canceled);
        (await storage.ReleaseAsync(attempt, canceled: true)).ShouldBeTrue(); // 38 + 210 ms.
        var failed = await storage.UnderstoodAsync();
        (await storage.FailAsync(await storage.ClaimedAsync(failed, "generating"), retryable: false)).ShouldBeTrue(); // 38 ms.
        await storage.CancelAsync(await storage.SubmitAsync());

        (await ReadAsync(storage)).ShouldBe([new UsageView("2026-11-24", "flexedit-tiny", 0, 0, 0.286)]);
        await using var ledger = await storage.OpenAsync();
        (await ledger.UsageEntries.CountAsync(Token)).ShouldBe(2);
    }

    [Fact]
    public async Task Outlives_the_edits_and_ends_by_itself()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder, settings: ("Storage:UsageRetention", "30.00:00:00"));
        var id = await storage.SucceededAsync();
        await storage.Get<FoldUsage>().SweepAsync(Token);
        (await storage.DeleteAsync(id)).ShouldBe(RemoveEditHandler.Outcome.Removed);
        storage.Time.Advance(TimeSpan.FromDays(30));
        await storage.SucceededAsync();
        await storage.Get<FoldUsage>().SweepAsync(Token);
        (await ReadAsync(storage)).Select(u => u.Day).ShouldBe(["2026-11-24", "2026-12-24"]);

        storage.Time.Advance(TimeSpan.FromDays(1));
        await storage.SucceededAsync();
        await storage.Get<FoldUsage>().SweepAsync(Token);
        (await ReadAsync(storage)).Select(u => u.Day).ShouldBe(["2026-12-24", "2026-12-25"]);
    }

    [Fact]
    public async Task Loses_and_doubles_nothing_where_many_end_fold_and_read_at_once()
    {
        await using var one = await StorageUnderTest.StartAsync(_folder);
        await using var two = await StorageUnderTest.StartAsync(_folder, one.Time);
        const int Count = 24;
        var done = 0;
        var folding = Enumerable.Range(0, 2).Select(i => Task.Run(async () =>
        {
            while (Volatile.Read(ref done) < Count)
                await (i == 0 ? one : two).Get<FoldUsage>().SweepAsync(Token);
        })).ToArray();
        var reading = Task.Run(async () =>
        {
            var last = 0L;
            while (Volatile.Read(ref done) < Count)
            {
                var seen = (await ReadAsync(one)).Sum(u => u.Edits);
                seen.ShouldBeGreaterThanOrEqualTo(last);
                last = seen;
            }
        }, Token);
        await Task.WhenAll(Enumerable.Range(0, Count).Select(i => Task.Run(async () =>
        {
            try
            {
                await (i % 2 == 0 ? one : two).SucceededAsync($"scene-{i}", Ids.NewEdit(one.Time));
            }
            finally
            {
                Interlocked.Increment(ref done);
            }
        })));
        await Task.WhenAll([.. folding, reading]);
        await one.Get<FoldUsage>().SweepAsync(Token);

        (await ReadAsync(one)).ShouldHaveSingleItem().Edits.ShouldBe(Count);
    }

    [Fact]
    public async Task Shows_a_tenant_nothing_of_another()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        await storage.SucceededAsync();

        (await ReadAsync(storage, "other")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("?from=2026-11-24&to=2026-11-24", null)]
    [InlineData("", null)]
    [InlineData("?from=2026-11-25&to=2026-11-24", "from")]
    [InlineData("?from=2025-11-23&to=2026-11-24", "to")]
    [InlineData("?from=yesterday", "from")]
    [InlineData("?to=2026-13-01", "to")]
    public async Task Reads_a_range_of_days(string query, string? fault)
    {
        await using var server = await StorageServer.StartAsync(_folder);
        using var answer = await server.Client.GetAsync($"/v1/usage{query}", Token);
        var body = System.Text.Json.Nodes.JsonNode.Parse(await answer.Content.ReadAsStringAsync(Token))!;

        (fault is null ? "usage" : "malformed").ShouldBe((string)body[fault is null ? "object" : "code"]!);
        if (fault is not null)
            ((string)body["param"]!).ShouldBe(fault);
    }

    private static Task<IReadOnlyList<UsageView>> ReadAsync(StorageUnderTest storage, string tenant = StorageUnderTest.Tenant) =>
        storage.Get<UsageReader>().ReadAsync(tenant, 0, 4_000_000, Token);
}
