using FlexEdit.Contracts;
using FlexEdit.Contracts.Ledger;
using FlexEdit.Contracts.Messages;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Storage;

public sealed class IdempotencyTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Makes_one_edit_of_fifty_requests_with_one_key()
    {
        await using var one = await StorageUnderTest.StartAsync(_folder);
        await using var two = await StorageUnderTest.StartAsync(_folder, one.Time);
        var requests = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => RequestAsync(one)));

        var answers = await Task.WhenAll(requests.Select((request, i) => Task.Run(() => (i % 2 == 0 ? one : two).SubmitAsync(request))));

        var made = answers.Single(answer => !answer.Submitted!.Replayed).Submitted!.EditId;
        answers.ShouldAllBe(answer => answer.Submitted!.EditId == made);
        await using var ledger = await one.OpenAsync();
        (ledger.Edits.Count(), ledger.IdempotencyKeys.Count()).ShouldBe((1, 1));
    }

    [Fact]
    public async Task Answers_the_first_request_alike_when_its_commit_is_repeated()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var request = await RequestAsync(storage);

        var first = (await storage.SubmitAsync(request)).Submitted.ShouldNotBeNull();
        (first.EditId, first.Replayed, first.Job).ShouldBe((request.EditId, false, await storage.JobAsync(request.EditId)));
        (await storage.SubmitAsync(request)).Submitted.ShouldBe(new EditSubmitted { EditId = request.EditId });
    }

    [Fact]
    public async Task Refuses_the_key_of_another_request()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        await storage.SubmitAsync(await RequestAsync(storage));

        var refused = (await storage.SubmitAsync(await RequestAsync(storage) with { RequestDigest = "other" })).Refused.ShouldNotBeNull();

        (refused.Status, refused.Code, refused.Param).ShouldBe((422, "idempotency_key_reused", "Idempotency-Key"));
        await using var ledger = await storage.OpenAsync();
        ledger.Edits.Count().ShouldBe(1);
    }

    [Fact]
    public async Task Keeps_the_keys_of_tenants_apart()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        await storage.SubmitAsync(await RequestAsync(storage));

        (await storage.SubmitAsync(await RequestAsync(storage) with { Tenant = "other", RequestDigest = "other" })).Submitted.ShouldNotBeNull().Replayed.ShouldBeFalse();
    }

    [Fact]
    public async Task Says_that_the_edit_of_a_key_was_removed()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var request = await RequestAsync(storage);
        await storage.SubmitAsync(request);
        await storage.CancelAsync(request.EditId);
        await storage.DeleteAsync(request.EditId);

        var refused = (await storage.SubmitAsync(await RequestAsync(storage))).Refused.ShouldNotBeNull();

        (refused.Status, refused.Code).ShouldBe((410, "data_removed"));
    }

    [Fact]
    public async Task A_key_is_new_again_after_its_time_and_then_forgotten()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        await storage.SubmitAsync(await RequestAsync(storage));
        storage.Time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        (await storage.SubmitAsync(await RequestAsync(storage))).Submitted.ShouldNotBeNull().Replayed.ShouldBeTrue();

        storage.Time.Advance(TimeSpan.FromSeconds(1));
        (await storage.SubmitAsync(await RequestAsync(storage) with { RequestDigest = "other" })).Submitted.ShouldNotBeNull().Replayed.ShouldBeFalse();

        storage.Time.Advance(TimeSpan.FromHours(24));
        await storage.Retain.SweepAsync(TestContext.Current.CancellationToken);
        await using var ledger = await storage.OpenAsync();
        ledger.IdempotencyKeys.ShouldBeEmpty();
    }

    [Fact]
    public async Task Says_beforehand_what_a_key_stands_for()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var request = await RequestAsync(storage);
        (await FindAsync(storage)).ShouldBeNull();
        await storage.SubmitAsync(request);

        (await FindAsync(storage)).ShouldBe(new KeyedAnswer { EditId = request.EditId });
        (await FindAsync(storage, "other")).ShouldNotBeNull().Refused.ShouldNotBeNull().Code.ShouldBe("idempotency_key_reused");
        (await FindAsync(storage, tenant: "other")).ShouldBeNull();
        await storage.CancelAsync(request.EditId);
        await storage.DeleteAsync(request.EditId);
        (await FindAsync(storage)).ShouldNotBeNull().Refused.ShouldNotBeNull().Status.ShouldBe(410);
        storage.Time.Advance(TimeSpan.FromHours(24));
        (await FindAsync(storage)).ShouldBeNull();
    }

    [Fact]
    public async Task A_refused_request_takes_no_key()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var request = await RequestAsync(storage);
        await storage.Objects.DeleteAsync(request.Inputs.Scene.UprightKey, TestContext.Current.CancellationToken);
        (await storage.SubmitAsync(request)).Refused.ShouldNotBeNull().Status.ShouldBe(503);

        (await storage.SubmitAsync(await RequestAsync(storage) with { RequestDigest = "other" })).Submitted.ShouldNotBeNull().Replayed.ShouldBeFalse();
    }

    private static Task<KeyedAnswer?> FindAsync(StorageUnderTest storage, string digest = "digest", string tenant = StorageUnderTest.Tenant) =>
        storage.Get<IKeyedRequests>().FindAsync(new KeyedRequest { Tenant = tenant, Key = "key 1", Digest = digest }, TestContext.Current.CancellationToken);

    private static async Task<SubmitEdit> RequestAsync(StorageUnderTest storage) =>
        await storage.RequestAsync(editId: Ids.NewEdit(storage.Time)) with { IdempotencyKey = "key 1", RequestDigest = "digest" };
}
