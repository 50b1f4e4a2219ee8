using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Errors;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Storage;

public sealed class SweepTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Sends_a_lost_command_again_with_growing_gaps()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var id = await storage.SubmitAsync();
        await storage.LoseMessagesAsync();
        var sent = new List<int>();
        for (var second = 1; second <= 300; second++)
        {
            storage.Time.Advance(TimeSpan.FromSeconds(1));
            await storage.Sweep.SweepAsync(TestContext.Current.CancellationToken);
            if ((await storage.OutboxAsync(id)).Contains("UnderstandEdit"))
                sent.Add(second);
            await storage.LoseMessagesAsync();
        }

        sent.ShouldBe([30, 90, 210]);
    }

    [Fact]
    public async Task Sends_no_command_for_an_edit_at_work()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var id = await storage.SubmitAsync();
        await storage.ClaimedAsync(id);
        await storage.LoseMessagesAsync();

        storage.Time.Advance(TimeSpan.FromSeconds(59));
        await storage.Sweep.SweepAsync(TestContext.Current.CancellationToken);

        (await storage.OutboxAsync(id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Expires_an_edit_that_nobody_began_in_time()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var usual = await storage.SubmitAsync();
        var hurried = await storage.SubmitAsync(cancelAfter: TimeSpan.FromSeconds(90));

        storage.Time.Advance(TimeSpan.FromSeconds(90));
        await storage.Sweep.SweepAsync(TestContext.Current.CancellationToken);

        (await storage.StatusAsync(hurried)).ShouldBe(EditStatus.Expired);
        (await storage.StatusAsync(usual)).ShouldBe(EditStatus.Queued);
        storage.Time.Advance(TimeSpan.FromHours(1));
        await storage.Sweep.SweepAsync(TestContext.Current.CancellationToken);
        (await storage.StatusAsync(usual)).ShouldBe(EditStatus.Expired);
    }

    [Fact]
    public async Task Lets_nobody_begin_an_edit_after_its_deadline_even_before_the_sweep()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var id = await storage.SubmitAsync(cancelAfter: TimeSpan.FromSeconds(5));
        storage.Time.Advance(TimeSpan.FromSeconds(5));

        (await storage.ClaimAsync(id)).ShouldBeNull();

        (await storage.StatusAsync(id)).ShouldBe(EditStatus.Expired);
    }

    [Fact]
    public async Task Fails_an_edit_that_waits_too_long_between_two_stages()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var id = await storage.UnderstoodAsync();

        storage.Time.Advance(TimeSpan.FromHours(1));
        await storage.Sweep.SweepAsync(TestContext.Current.CancellationToken);

        var edit = await storage.RowAsync(id);
        edit.Status.ShouldBe(EditStatus.Failed);
        edit.ErrorJson.ShouldNotBeNull().ShouldContain(ErrorCodes.DeadlineExceeded);
    }

    [Fact]
    public async Task Expires_an_edit_that_nobody_approved()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var id = await storage.SubmitAsync(pauseAfter: EditStage.Understanding);
        await storage.UnderstandAsync(await storage.ClaimedAsync(id));

        storage.Time.Advance(TimeSpan.FromHours(23));
        await storage.Sweep.SweepAsync(TestContext.Current.CancellationToken);
        (await storage.StatusAsync(id)).ShouldBe(EditStatus.AwaitingApproval);
        storage.Time.Advance(TimeSpan.FromHours(1));
        await storage.Sweep.SweepAsync(TestContext.Current.CancellationToken);

        (await storage.StatusAsync(id)).ShouldBe(EditStatus.Expired);
    }

    [Fact]
    public async Task Ends_a_run_that_takes_too_long_however_lively_its_worker_is()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var id = await storage.SubmitAsync();
        var attempt = await storage.ClaimedAsync(id);
        for (var minute = 1; minute < 20 && (await storage.HeartbeatAsync(attempt)).Continue; minute++)
            storage.Time.Advance(TimeSpan.FromSeconds(30));
        await storage.Sweep.SweepAsync(TestContext.Current.CancellationToken);
        (await storage.StatusAsync(id)).ShouldBe(EditStatus.Processing);

        storage.Time.Advance(TimeSpan.FromSeconds(30));
        (await storage.HeartbeatAsync(attempt)).Continue.ShouldBeFalse();
        await storage.Sweep.SweepAsync(TestContext.Current.CancellationToken);

        var edit = await storage.RowAsync(id);
        edit.Status.ShouldBe(EditStatus.Failed);
        edit.ErrorJson.ShouldNotBeNull().ShouldContain(ErrorCodes.DeadlineExceeded);
        edit.Attempts.ShouldHaveSingleItem().Outcome.ShouldBe("deadline_exceeded");
        (await storage.OutboxAsync(id)).ShouldContain("EditCancelRequested");
    }

    [Fact]
    public async Task Does_a_sweep_once_where_two_processes_sweep_at_the_same_moment()
    {
        await using var one = await StorageUnderTest.StartAsync(_folder);
        await using var two = await StorageUnderTest.StartAsync(_folder, one.Time);
        var id = await one.SubmitAsync();
        await one.ClaimedAsync(id);
        one.Time.Advance(TimeSpan.FromSeconds(60));

        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Task.Run(() => (i % 2 == 0 ? one : two).Sweep.SweepAsync(CancellationToken.None))));

        var edit = await one.RowAsync(id);
        (edit.Sequence, edit.StageAttempts).ShouldBe((3, 1));
        edit.Attempts.ShouldHaveSingleItem().Outcome.ShouldBe("lost");
    }
}
