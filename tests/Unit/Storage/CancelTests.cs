using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Ledger;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Storage;

public sealed class CancelTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Cancels_a_queued_edit_at_once()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var id = await storage.SubmitAsync();

        (await storage.CancelAsync(id)).ShouldBeTrue();

        var edit = await storage.RowAsync(id);
        (edit.Status, edit.StartedAt).ShouldBe((EditStatus.Canceled, null));
        edit.CancellationJson.ShouldBe("""{"requested_at":"2026-11-24T06:00:00Z","released_at":"2026-11-24T06:00:00Z","steps_run":0,"model_ms":0}""");
        (await storage.ClaimAsync(id)).ShouldBeNull();
    }

    [Fact]
    public async Task Cancels_an_edit_between_two_stages_at_once()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var id = await storage.UnderstoodAsync();

        await storage.CancelAsync(id);

        (await storage.StatusAsync(id)).ShouldBe(EditStatus.Canceled);
        (await storage.ClaimAsync(id, EditStage.Generating)).ShouldBeNull();
    }

    [Fact]
    public async Task Cancels_an_edit_that_awaits_approval_at_once()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var id = await storage.SubmitAsync(pauseAfter: EditStage.Understanding);
        await storage.UnderstandAsync(await storage.ClaimedAsync(id));
        (await storage.StatusAsync(id)).ShouldBe(EditStatus.AwaitingApproval);

        await storage.CancelAsync(id);

        (await storage.StatusAsync(id)).ShouldBe(EditStatus.Canceled);
    }

    [Fact]
    public async Task Shows_canceling_until_the_worker_has_let_go_and_then_the_receipt()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var id = await storage.UnderstoodAsync();
        var attempt = await storage.ClaimedAsync(id, EditStage.Generating);

        await storage.CancelAsync(id);

        (await storage.StatusAsync(id)).ShouldBe(EditStatus.Canceling);
        (await storage.OutboxAsync(id)).ShouldContain("EditCancelRequested");
        (await storage.HeartbeatAsync(attempt)).ShouldBe(new HeartbeatAnswer { Continue = true, Cancel = true });
        storage.Time.Advance(TimeSpan.FromSeconds(1));
        (await storage.ReleaseAsync(attempt, canceled: true)).ShouldBeTrue();

        var edit = await storage.RowAsync(id);
        edit.Status.ShouldBe(EditStatus.Canceled);
        edit.CancellationJson.ShouldBe("""{"requested_at":"2026-11-24T06:00:00Z","released_at":"2026-11-24T06:00:01Z","steps_run":4,"model_ms":210}""");
        edit.Attempts[1].Outcome.ShouldBe("canceled");
    }

    [Fact]
    public async Task Takes_no_result_while_the_edit_is_being_canceled()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var id = await storage.UnderstoodAsync();
        var attempt = await storage.ClaimedAsync(id, EditStage.Generating);
        await storage.CancelAsync(id);

        (await storage.GenerateAsync(attempt)).ShouldBeFalse();
        (await storage.FailAsync(attempt)).ShouldBeFalse();

        (await storage.StatusAsync(id)).ShouldBe(EditStatus.Canceling);
    }

    [Fact]
    public async Task Ends_canceling_when_the_lease_is_over()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var id = await storage.SubmitAsync();
        var attempt = await storage.ClaimedAsync(id);
        await storage.CancelAsync(id);

        storage.Time.Advance(TimeSpan.FromSeconds(60));
        await storage.Sweep.SweepAsync(TestContext.Current.CancellationToken);

        (await storage.StatusAsync(id)).ShouldBe(EditStatus.Canceled);
        (await storage.ReleaseAsync(attempt, canceled: true)).ShouldBeFalse();
    }

    [Fact]
    public async Task Cancels_where_the_worker_shuts_down_instead()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var id = await storage.SubmitAsync();
        var attempt = await storage.ClaimedAsync(id);
        await storage.CancelAsync(id);

        (await storage.ReleaseAsync(attempt, canceled: false)).ShouldBeTrue();

        (await storage.StatusAsync(id)).ShouldBe(EditStatus.Canceled);
    }

    [Fact]
    public async Task Changes_nothing_when_asked_again()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var id = await storage.SubmitAsync();
        await storage.ClaimedAsync(id);
        await storage.CancelAsync(id);
        var first = await storage.RowAsync(id);
        storage.Time.Advance(TimeSpan.FromSeconds(1));

        (await storage.CancelAsync(id)).ShouldBeTrue();

        var again = await storage.RowAsync(id);
        (again.Sequence, again.CancelRequestedAt).ShouldBe((first.Sequence, first.CancelRequestedAt));
    }

    [Fact]
    public async Task Knows_no_edit_of_another_tenant()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var id = await storage.SubmitAsync();

        (await storage.CancelAsync(id, tenant: "other")).ShouldBeFalse();

        (await storage.StatusAsync(id)).ShouldBe(EditStatus.Queued);
    }
}
