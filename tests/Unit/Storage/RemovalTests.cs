using FlexEdit.Platform.Objects;
using FlexEdit.Platform.Problems;
using FlexEdit.Storage.Edits;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Storage;

public sealed class RemovalTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Removes_the_job_its_results_and_its_inputs()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var id = await storage.SucceededAsync();

        (await storage.DeleteAsync(id)).ShouldBe(RemoveEditHandler.Outcome.Removed);

        Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Where(file => !Path.GetFileName(file).StartsWith("ledger.db", StringComparison.Ordinal)).ShouldBeEmpty();
        (await ProblemAsync(storage, id)).Status.ShouldBe(404);
        await using var ledger = await storage.OpenAsync();
        (ledger.Edits.Any(), ledger.Attempts.Any(), ledger.Events.Any(), ledger.Inputs.Any()).ShouldBe((false, false, false, false));
    }

    [Fact]
    public async Task Keeps_inputs_that_another_edit_uses()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var first = await storage.SucceededAsync("cat");
        var second = await storage.SucceededAsync("cat");

        await storage.DeleteAsync(first);
        (await storage.Objects.ExistsAsync(ObjectKeys.Upright("acme", "cat-upright"), TestContext.Current.CancellationToken)).ShouldBeTrue();

        await storage.DeleteAsync(second);
        (await storage.Objects.ExistsAsync(ObjectKeys.Upright("acme", "cat-upright"), TestContext.Current.CancellationToken)).ShouldBeFalse();
    }

    [Fact]
    public async Task Removes_no_edit_that_has_not_ended_and_none_of_another_tenant()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var running = await storage.SubmitAsync();
        var done = await storage.SucceededAsync();

        (await storage.DeleteAsync(running)).ShouldBe(RemoveEditHandler.Outcome.StillRunning);
        (await storage.DeleteAsync(done, tenant: "other")).ShouldBe(RemoveEditHandler.Outcome.Unknown);

        (await storage.StatusAsync(running)).ShouldBe("queued");
        (await storage.StatusAsync(done)).ShouldBe("succeeded");
    }

    [Fact]
    public async Task Answers_410_once_the_retention_has_ended()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var id = await storage.SucceededAsync();
        storage.Time.Advance(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(1));
        await storage.Retain.SweepAsync(TestContext.Current.CancellationToken);
        (await storage.StatusAsync(id)).ShouldBe("succeeded");

        storage.Time.Advance(TimeSpan.FromSeconds(1));
        await storage.Retain.SweepAsync(TestContext.Current.CancellationToken);

        var problem = await ProblemAsync(storage, id);
        (problem.Status, problem.Code).ShouldBe((410, "data_removed"));
        (await ProblemAsync(storage, id, tenant: "other")).Status.ShouldBe(404);
        (await storage.Objects.ExistsAsync(Samples.Output(id).Key, TestContext.Current.CancellationToken)).ShouldBeFalse();
        storage.Time.Advance(TimeSpan.FromDays(90));
        await storage.Retain.SweepAsync(TestContext.Current.CancellationToken);
        (await ProblemAsync(storage, id)).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Refuses_an_edit_whose_picture_is_just_being_removed()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var request = await storage.RequestAsync("cat");
        await using (var ledger = await storage.OpenAsync())
        {
            ledger.Inputs.Add(new() { Key = request.Inputs.Scene.UprightKey, Removing = true });
            await ledger.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        (await storage.SubmitAsync(request)).Refused.ShouldNotBeNull().Status.ShouldBe(503);

        await storage.Retain.SweepAsync(TestContext.Current.CancellationToken);
        (await storage.Objects.ExistsAsync(request.Inputs.Scene.UprightKey, TestContext.Current.CancellationToken)).ShouldBeFalse();
        await storage.SubmitAsync("cat"); // Stores the picture again.
    }

    private static async Task<Problem> ProblemAsync(StorageUnderTest storage, string id, string tenant = StorageUnderTest.Tenant) =>
        (await Should.ThrowAsync<ProblemException>(() => storage.Reader.GetAsync(tenant, id, CancellationToken.None))).Problem;
}
