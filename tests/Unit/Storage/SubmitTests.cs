using FlexEdit.Contracts.Edits;
using FlexEdit.Platform.Objects;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Storage;

public sealed class SubmitTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Makes_one_edit_of_a_request_that_comes_often_and_at_once()
    {
        await using var one = await StorageUnderTest.StartAsync(_folder);
        await using var two = await StorageUnderTest.StartAsync(_folder, one.Time);
        var request = await one.RequestAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => (i % 2 == 0 ? one : two).SubmitAsync(request))));

        answers.ShouldAllBe(answer => answer.Submitted!.EditId == request.EditId && !answer.Submitted.Replayed);
        (await one.RowAsync(request.EditId)).Sequence.ShouldBe(1);
        (await one.OutboxAsync(request.EditId)).ShouldBe(["UnderstandEdit"]);
    }

    [Fact]
    public async Task Refuses_the_id_of_another_tenants_edit()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var request = await storage.RequestAsync();
        await storage.SubmitAsync(request);

        (await storage.SubmitAsync(request with { Tenant = "other" })).Refused.ShouldNotBeNull().Status.ShouldBe(409);
    }

    [Fact]
    public async Task Refuses_an_edit_whose_picture_is_not_stored()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var request = await storage.RequestAsync();
        await storage.Objects.DeleteAsync(request.Inputs.Scene.UprightKey, TestContext.Current.CancellationToken);

        var refused = (await storage.SubmitAsync(request)).Refused.ShouldNotBeNull();

        (refused.Status, refused.Code).ShouldBe((503, "unavailable"));
        await using var ledger = await storage.OpenAsync();
        (ledger.Edits.Any(), ledger.Inputs.Any(), ledger.Outbox.Any()).ShouldBe((false, false, false));
    }

    [Fact]
    public async Task Survives_the_end_of_its_process()
    {
        string id;
        await using (var first = await StorageUnderTest.StartAsync(_folder))
            id = await first.SubmitAsync();

        await using var second = await StorageUnderTest.StartAsync(_folder);

        (await second.StatusAsync(id)).ShouldBe(EditStatus.Queued);
        (await second.ClaimAsync(id)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Refuses_a_deadline_that_has_passed()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);

        (await storage.SubmitAsync(await storage.RequestAsync(cancelAfter: TimeSpan.Zero))).Refused.ShouldNotBeNull().Param.ShouldBe("Cancel-After");
    }

    [Fact]
    public async Task Shares_one_object_between_edits_of_the_same_picture()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        await storage.SubmitAsync("cat");
        await storage.SubmitAsync("cat");

        await using var ledger = await storage.OpenAsync();
        var key = ObjectKeys.Upload("acme", "cat-upload");
        (ledger.Inputs.Count(input => input.Key == key), ledger.InputUses.Count(use => use.Key == key)).ShouldBe((1, 2));
    }

    [Fact]
    public async Task Takes_many_edits_of_one_picture_at_once()
    {
        await using var one = await StorageUnderTest.StartAsync(_folder);
        await using var two = await StorageUnderTest.StartAsync(_folder, one.Time);
        var requests = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => one.RequestAsync("cat")));

        var answers = await Task.WhenAll(requests.Select((request, i) => Task.Run(() => (i % 2 == 0 ? one : two).SubmitAsync(request))));

        answers.ShouldAllBe(answer => answer.Submitted != null);
        await using var ledger = await one.OpenAsync();
        ledger.InputUses.Count(use => use.Key == ObjectKeys.Upright("acme", "cat-upright")).ShouldBe(40);
    }
}
