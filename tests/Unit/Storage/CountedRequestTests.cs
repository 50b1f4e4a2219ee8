using FlexEdit.Contracts.Messages;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Storage;

/// <summary>Requests that their clients count: a repetition of one that was answered with 503 makes no second edit.</summary>
public sealed class CountedRequestTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_repetition_is_the_edit_that_became_durable_late()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var first = await FirstAsync(storage);

        var again = await SubmitAsync(storage, repeated: true);
        var third = await SubmitAsync(storage, repeated: true);

        again.ShouldBe(new EditSubmitted { EditId = first, Replayed = true });
        third.ShouldBe(again);
        (await CountAsync(storage)).ShouldBe(1);
    }

    [Fact]
    public async Task A_repetition_of_what_was_not_made_is_made()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);

        var made = await SubmitAsync(storage, repeated: true);

        made.Replayed.ShouldBeFalse();
        (await CountAsync(storage)).ShouldBe(1);
    }

    [Fact]
    public async Task The_first_one_that_comes_behind_its_own_repetition_makes_nothing()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var late = await RequestAsync(storage, repeated: false);
        storage.Time.Advance(TimeSpan.FromSeconds(1));
        var repetition = await SubmitAsync(storage, repeated: true);

        (await storage.SubmitAsync(late)).Submitted.ShouldBe(new EditSubmitted { EditId = repetition.EditId, Replayed = true });

        (await CountAsync(storage)).ShouldBe(1);
    }

    [Fact]
    public async Task The_same_request_that_is_counted_anew_is_another_edit()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);

        (await FirstAsync(storage)).ShouldNotBe(await FirstAsync(storage));

        (await CountAsync(storage)).ShouldBe(2);
    }

    [Fact]
    public async Task Another_request_and_another_tenants_are_other_edits()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        await FirstAsync(storage);

        foreach (var other in new[] { await RequestAsync(storage, repeated: true) with { CountedDigest = "other" }, await RequestAsync(storage, repeated: true) with { Tenant = "other" } })
            (await storage.SubmitAsync(other)).Submitted.ShouldNotBeNull().Replayed.ShouldBeFalse();
    }

    [Fact]
    public async Task What_was_canceled_or_is_long_ago_is_made_again()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        await storage.CancelAsync(await FirstAsync(storage));
        var second = await SubmitAsync(storage, repeated: true);
        second.Replayed.ShouldBeFalse();

        storage.Time.Advance(TimeSpan.FromMinutes(3));

        (await SubmitAsync(storage, repeated: true)).Replayed.ShouldBeFalse();
    }

    [Fact]
    public async Task Makes_one_edit_of_a_request_and_its_repetitions_at_once()
    {
        await using var one = await StorageUnderTest.StartAsync(_folder);
        await using var two = await StorageUnderTest.StartAsync(_folder, one.Time);
        var requests = new List<SubmitEdit>();
        for (var i = 0; i < 20; i++)
        {
            requests.Add(await RequestAsync(one, repeated: i > 0));
            one.Time.Advance(TimeSpan.FromMilliseconds(500));
        }

        var answers = await Task.WhenAll(requests.Select((request, i) => Task.Run(() => (i % 2 == 0 ? one : two).SubmitAsync(request))));

        answers.Select(answer => answer.Submitted!.EditId).Distinct().ShouldHaveSingleItem();
        (await CountAsync(one)).ShouldBe(1);
    }

    private static async Task<SubmitEdit> RequestAsync(StorageUnderTest storage, bool repeated) =>
        await storage.RequestAsync() with { CountedDigest = new string('a', 64), Repeated = repeated };

    private static async Task<EditSubmitted> SubmitAsync(StorageUnderTest storage, bool repeated) =>
        (await storage.SubmitAsync(await RequestAsync(storage, repeated))).Submitted.ShouldNotBeNull() with { Job = null };

    private static async Task<string> FirstAsync(StorageUnderTest storage) => (await SubmitAsync(storage, repeated: false)).EditId;

    private static async Task<int> CountAsync(StorageUnderTest storage)
    {
        await using var ledger = await storage.OpenAsync();
        return ledger.Edits.Count();
    }
}
