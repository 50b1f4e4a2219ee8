using FlexEdit.Contracts.Messages;
using FlexEdit.Contracts.Tenants;
using FlexEdit.Storage.Ledger;
using FlexEdit.Storage.Tenants;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Storage;

public sealed class EditsInFlightTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Refuses_one_more_than_may_be_under_way_until_one_has_ended()
    {
        await using var storage = await StartAsync(2);
        await storage.SubmitAsync();
        var second = await storage.SubmitAsync();

        var refused = (await storage.SubmitAsync(await storage.RequestAsync())).Refused.ShouldNotBeNull();

        (refused.Status, refused.Code, refused.RetryAfter > TimeSpan.Zero).ShouldBe((429, "too_many_edits", true));
        await using (var ledger = await storage.OpenAsync())
            (ledger.Edits.Count(), ledger.InputUses.Select(use => use.Holder).Distinct().Count()).ShouldBe((2, 2));
        await storage.CancelAsync(second);
        await storage.SubmitAsync();
    }

    [Fact]
    public async Task Holds_when_many_come_at_once_to_several_processes()
    {
        const int Most = 5;
        await using var one = await StartAsync(Most);
        await using var two = await StorageUnderTest.StartAsync(_folder, one.Time, settings: ("Limits:EditsInFlight", $"{Most}"));
        var requests = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => one.RequestAsync()));

        var answers = await Task.WhenAll(requests.Select((request, i) => Task.Run(() => (i % 2 == 0 ? one : two).SubmitAsync(request))));

        answers.Count(answer => answer.Submitted is not null).ShouldBe(Most);
        answers.Where(answer => answer.Refused is not null).ShouldAllBe(answer => answer.Refused!.Code == "too_many_edits");
    }

    [Fact]
    public async Task Counts_again_once_a_sixteenth_went_uncounted()
    {
        await using var storage = await StartAsync(640);
        for (var i = 0; i < 41; i++)
            await storage.SubmitAsync();
        await using (var ledger = await storage.OpenAsync())
        {
            var edit = await ledger.Edits.AsNoTracking().FirstAsync(TestContext.Current.CancellationToken);
            ledger.Edits.AddRange(Enumerable.Range(0, 599).Select(i => new EditRow
            {
                Id = $"edt_{i:d26}",
                Tenant = edit.Tenant,
                Model = edit.Model,
                Instruction = edit.Instruction,
                OptionsJson = edit.OptionsJson,
                InputsJson = edit.InputsJson,
                MetadataJson = edit.MetadataJson,
                Status = edit.Status,
            }));
            await ledger.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        (await storage.SubmitAsync(await storage.RequestAsync())).Refused.ShouldNotBeNull().Code.ShouldBe("too_many_edits");
    }

    [Fact]
    public async Task Asks_the_ledger_nothing_more_for_the_usual_submission()
    {
        var counts = new List<int>();
        foreach (var most in new[] { 0, 1000 })
        {
            using var folder = new TestFolder();
            using var statements = new CountedStatements();
            await using var storage = await StorageUnderTest.StartAsync(
                folder, add: services => services.AddLogging(logging => logging.AddProvider(statements)), settings: ("Limits:EditsInFlight", $"{most}"));
            await storage.SubmitAsync(); // Counts, and reads the limits.
            var request = await storage.RequestAsync();
            var before = statements.Count;
            await storage.SubmitAsync(request);
            counts.Add(statements.Count - before);
        }

        counts[0].ShouldBeGreaterThan(0);
        counts[1].ShouldBe(counts[0]);
    }

    [Fact]
    public async Task Gives_the_first_answer_again_however_many_are_under_way()
    {
        await using var storage = await StartAsync(1);
        var request = await storage.RequestAsync() with { IdempotencyKey = "k", RequestDigest = "d" };
        await storage.SubmitAsync(request);

        var again = await storage.SubmitAsync(await storage.RequestAsync() with { IdempotencyKey = "k", RequestDigest = "d" });

        again.Submitted.ShouldBe(new EditSubmitted { EditId = request.EditId, Replayed = true });
        // A key whose request was refused is free.
        (await storage.SubmitAsync(await storage.RequestAsync() with { IdempotencyKey = "l", RequestDigest = "d" })).Refused.ShouldNotBeNull().Code.ShouldBe("too_many_edits");
        await storage.CancelAsync(request.EditId);
        (await storage.SubmitAsync(await storage.RequestAsync() with { IdempotencyKey = "l", RequestDigest = "other" })).Submitted.ShouldNotBeNull().Replayed.ShouldBeFalse();
    }

    [Fact]
    public async Task Goes_by_what_the_operator_set_for_a_tenant()
    {
        await using var storage = await StartAsync(1);
        await storage.SubmitAsync();
        (await storage.SubmitAsync(await storage.RequestAsync())).Refused.ShouldNotBeNull();

        var view = await SetAsync(storage, new SetTenantLimits { EditsInFlight = 3 });
        (view.EditsInFlight, view.RequestsPerMinute, view.Limits.EditsInFlight, view.Limits.RequestsPerMinute).ShouldBe((3, null, 3, 3000));
        await storage.SubmitAsync();
        await storage.SubmitAsync();
        (await storage.SubmitAsync(await storage.RequestAsync())).Refused.ShouldNotBeNull();
        (await storage.SubmitAsync(await storage.RequestAsync() with { Tenant = "other" })).Submitted.ShouldNotBeNull();

        await SetAsync(storage, new SetTenantLimits { EditsInFlight = 0 });
        await storage.SubmitAsync();
        await SetAsync(storage, new SetTenantLimits());
        (await storage.SubmitAsync(await storage.RequestAsync())).Refused.ShouldNotBeNull();
    }

    [Fact]
    public void Names_a_limit_that_cannot_be() =>
        new TenantLimitOptions { RequestsPerMinute = -1, EditsInFlight = 1_000_001 }.Faults().ShouldBe(
        [
            "FLEXEDIT__Limits__RequestsPerMinute is -1; set it between 0 (no bound) and 1000000.",
            "FLEXEDIT__Limits__EditsInFlight is 1000001; set it between 0 (no bound) and 1000000.",
        ]);

    private sealed class CountedStatements : ILoggerProvider, ILogger
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId == RelationalEventId.CommandExecuted)
                Interlocked.Increment(ref _count);
        }

        public void Dispose()
        {
        }
    }

    private static Task<TenantView> SetAsync(StorageUnderTest storage, SetTenantLimits limits) =>
        storage.Get<TenantRegister>().SetLimitsAsync(StorageUnderTest.Tenant, limits, CancellationToken.None);

    private Task<StorageUnderTest> StartAsync(int most) => StorageUnderTest.StartAsync(_folder, settings: ("Limits:EditsInFlight", $"{most}"));
}
