using FlexEdit.Contracts.Edits;
using FlexEdit.Storage.Releasing;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Storage;

public sealed class FairnessTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Lets_a_newcomer_pass_the_rest_of_anothers_batch()
    {
        await using var storage = await StartAsync(("Storage:ReleaseAhead", "2"));
        var batch = await SubmitAsync(storage, "big", 6);
        var newcomer = (await SubmitAsync(storage, "small", 1)).Single();

        await storage.ClaimedAsync(batch[0]);
        await ReleaseAsync(storage);

        (await IsHeldAsync(storage, newcomer)).ShouldBeFalse();
        (await HeldAsync(storage, batch)).ShouldBe(4);
    }

    [Fact]
    public async Task Sends_no_more_than_may_be_at_the_broker_and_goes_on_when_they_are_claimed()
    {
        await using var storage = await StartAsync(("Storage:ReleaseAhead", "2"));
        var edits = await SubmitAsync(storage, "acme", 5);

        (await CommandsAsync(storage)).ShouldBe(2);
        await ReleaseAsync(storage);
        (await CommandsAsync(storage)).ShouldBe(2);
        foreach (var id in edits)
        {
            await storage.ClaimedAsync(id); // In the order in which they came.
            await ReleaseAsync(storage);
        }

        (await CommandsAsync(storage)).ShouldBe(5);
    }

    [Fact]
    public async Task Shares_by_weight_where_there_is_not_enough_for_all()
    {
        await using var storage = await StartAsync(("Storage:ReleaseAhead", "8"), ("Storage:Weights:gold", "3"));
        await SubmitAsync(storage, "other", 8);
        var gold = await SubmitAsync(storage, "gold", 20);
        var plain = await SubmitAsync(storage, "plain", 20);

        await ClaimAllAsync(storage);
        await ReleaseAsync(storage);

        // Eight turns for 3 : 1.
        (20 - await HeldAsync(storage, gold), 20 - await HeldAsync(storage, plain)).ShouldBe((6, 2));
    }

    [Fact]
    public async Task Keeps_a_tenant_within_its_bound()
    {
        await using var storage = await StartAsync(("Storage:TenantInFlight", "2"));
        var bounded = await SubmitAsync(storage, "acme", 4);

        (await HeldAsync(storage, bounded)).ShouldBe(2);
        await storage.ClaimedAsync(bounded[0]);
        await ReleaseAsync(storage);
        (await HeldAsync(storage, bounded)).ShouldBe(2); // At work is in flight too.
        await storage.FailAsync(await LiveAsync(storage, bounded[0]), retryable: false);
        await ReleaseAsync(storage);
        (await HeldAsync(storage, bounded)).ShouldBe(1);
    }

    [Fact]
    public async Task Releases_each_edit_once_where_two_processes_do_it_at_once()
    {
        await using var one = await StartAsync(("Storage:ReleaseAhead", "4"));
        await using var two = await StorageUnderTest.StartAsync(_folder, one.Time, settings: ("Storage:ReleaseAhead", "4"));
        await SubmitAsync(one, "acme", 20);
        await ClaimAllAsync(one);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => ReleaseAsync(i % 2 == 0 ? one : two))));

        (await CommandsAsync(one)).ShouldBe(8);
    }

    [Fact]
    public async Task Resends_no_command_of_an_edit_that_is_held()
    {
        await using var storage = await StartAsync(("Storage:ReleaseAhead", "1"));
        var held = (await SubmitAsync(storage, "acme", 2))[1];

        storage.Time.Advance(TimeSpan.FromMinutes(5));
        await storage.Sweep.SweepAsync(TestContext.Current.CancellationToken);

        (await storage.OutboxAsync(held)).ShouldBeEmpty();
    }

    private Task<StorageUnderTest> StartAsync(params (string, string)[] settings) => StorageUnderTest.StartAsync(_folder, settings: settings);

    private static Task<int> ReleaseAsync(StorageUnderTest storage) => storage.Get<ReleaseHeld>().ReleaseAsync(CancellationToken.None);

    private static async Task<List<string>> SubmitAsync(StorageUnderTest storage, string tenant, int edits)
    {
        var ids = new List<string>();
        for (var i = 0; i < edits; i++)
        {
            var request = await storage.RequestAsync();
            (await storage.SubmitAsync(request with { Tenant = tenant })).Refused.ShouldBeNull();
            ids.Add(request.EditId);
            storage.Time.Advance(TimeSpan.FromMilliseconds(1));
        }
        return ids;
    }

    private static async Task ClaimAllAsync(StorageUnderTest storage)
    {
        await using var ledger = await storage.OpenAsync();
        foreach (var id in await ledger.Edits.Where(e => e.WaitingFor != null && !e.Held).Select(e => e.Id).ToListAsync())
            await storage.ClaimedAsync(id);
    }

    private static async Task<FlexEdit.Contracts.Ledger.AttemptRef> LiveAsync(StorageUnderTest storage, string id) =>
        new() { EditId = id, Stage = EditStage.Understanding, Attempt = (await storage.RowAsync(id)).LiveAttempt!.Value };

    private static async Task<bool> IsHeldAsync(StorageUnderTest storage, string id) => (await storage.RowAsync(id)).Held;

    private static async Task<int> HeldAsync(StorageUnderTest storage, List<string> ids)
    {
        await using var ledger = await storage.OpenAsync();
        return await ledger.Edits.CountAsync(e => ids.Contains(e.Id) && e.Held);
    }

    private static async Task<int> CommandsAsync(StorageUnderTest storage)
    {
        await using var ledger = await storage.OpenAsync();
        return await ledger.Outbox.CountAsync(m => m.Kind == "UnderstandEdit");
    }
}
