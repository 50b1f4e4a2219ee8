using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Errors;
using FlexEdit.Contracts.Ledger;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Storage;

public sealed class AttemptTests : IDisposable
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Counts_the_attempt_before_the_work()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var id = await storage.SubmitAsync();

        var grant = (await storage.ClaimAsync(id)).ShouldNotBeNull();

        grant.Attempt.Attempt.ShouldBe(1);
        var edit = await storage.RowAsync(id);
        (edit.LastAttempt, edit.StageAttempts, edit.Status, edit.Stage).ShouldBe((1, 1, EditStatus.Processing, EditStage.Understanding));
        edit.Attempts.ShouldHaveSingleItem().Outcome.ShouldBeNull();
    }

    [Fact]
    public async Task Grants_everything_that_the_work_needs()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var id = await storage.UnderstoodAsync();

        var grant = (await storage.ClaimAsync(id, EditStage.Generating)).ShouldNotBeNull();

        grant.Attempt.ShouldBe(new AttemptRef { EditId = id, Stage = EditStage.Generating, Attempt = 2 });
        grant.ObjectPrefix.ShouldBe($"tenants/acme/edits/{id}");
        grant.Options.ShouldBe(Samples.Options());
        grant.Inputs.Scene.UprightKey.ShouldBe(Samples.Picture("scene").UprightKey);
        grant.Understanding.ShouldNotBeNull().EmbeddingKey.ShouldBe(Samples.Understood.EmbeddingKey);
        (grant.Lease, grant.RunDeadline).ShouldBe((Lease, TimeSpan.FromMinutes(10)));
    }

    [Fact]
    public async Task Refuses_a_second_claim_while_the_lease_lives()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var id = await storage.SubmitAsync();
        await storage.ClaimedAsync(id);
        storage.Time.Advance(Lease - TimeSpan.FromMilliseconds(1));
        await storage.Sweep.SweepAsync(TestContext.Current.CancellationToken);

        (await storage.ClaimAsync(id)).ShouldBeNull();
        (await storage.RowAsync(id)).LastAttempt.ShouldBe(1);
    }

    [Fact]
    public async Task Refuses_a_claim_of_another_stage_or_of_an_unknown_edit()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var id = await storage.SubmitAsync();

        (await storage.ClaimAsync(id, EditStage.Generating)).ShouldBeNull();
        (await storage.ClaimAsync("edt_00000000000000000000000000")).ShouldBeNull();
    }

    [Fact]
    public async Task Grants_one_of_many_claims_that_two_processes_make_at_once()
    {
        await using var one = await StorageUnderTest.StartAsync(_folder);
        await using var two = await StorageUnderTest.StartAsync(_folder, one.Time);
        var id = await one.SubmitAsync();

        var grants = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => (i % 2 == 0 ? one : two).ClaimAsync(id))));

        grants.Count(grant => grant is not null).ShouldBe(1);
        (await one.RowAsync(id)).Attempts.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Drops_the_late_result_of_an_attempt_that_was_taken()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var id = await storage.SubmitAsync();
        var first = await storage.ClaimedAsync(id);
        await LoseAsync(storage);
        var second = await storage.ClaimedAsync(id);

        (await storage.UnderstandAsync(first)).ShouldBeFalse();
        (await storage.FailAsync(first)).ShouldBeFalse();
        (await storage.ReleaseAsync(first, canceled: false)).ShouldBeFalse();
        (await storage.HeartbeatAsync(first)).ShouldBe(new HeartbeatAnswer { Continue = false, Cancel = false });

        (await storage.RowAsync(id)).LiveAttempt.ShouldBe(second.Attempt);
        (await storage.UnderstandAsync(second)).ShouldBeTrue();
    }

    [Fact]
    public async Task Answers_a_repeated_report_as_the_first_one()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var id = await storage.SubmitAsync();
        var first = await storage.ClaimedAsync(id);
        (await storage.UnderstandAsync(first)).ShouldBeTrue();
        var before = (await storage.RowAsync(id)).Sequence;

        (await storage.UnderstandAsync(first)).ShouldBeTrue();

        (await storage.RowAsync(id)).Sequence.ShouldBe(before);
        (await storage.FailAsync(first)).ShouldBeFalse();
    }

    [Fact]
    public async Task Keeps_an_attempt_alive_by_its_heartbeat()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var id = await storage.SubmitAsync();
        var attempt = await storage.ClaimedAsync(id);
        for (var beat = 0; beat < 9; beat++)
        {
            storage.Time.Advance(Lease - TimeSpan.FromSeconds(1));
            (await storage.HeartbeatAsync(attempt)).ShouldBe(new HeartbeatAnswer { Continue = true, Cancel = false });
            await storage.Sweep.SweepAsync(TestContext.Current.CancellationToken);
        }

        (await storage.RowAsync(id)).LiveAttempt.ShouldBe(1);
    }

    [Fact]
    public async Task Fails_with_worker_lost_after_three_lost_attempts()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var id = await storage.SubmitAsync();
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            (await storage.ClaimedAsync(id)).Attempt.ShouldBe(attempt);
            await LoseAsync(storage);
        }

        var edit = await storage.RowAsync(id);
        edit.Status.ShouldBe(EditStatus.Failed);
        edit.ErrorJson.ShouldNotBeNull().ShouldContain($"\"{ErrorCodes.WorkerLost}\"");
        edit.Attempts.Select(a => a.Outcome).ShouldBe(["lost", "lost", "lost"]);
        (await storage.ClaimAsync(id)).ShouldBeNull();
    }

    [Fact]
    public async Task Waits_before_it_tries_a_failed_attempt_again()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var id = await storage.SubmitAsync();
        (await storage.FailAsync(await storage.ClaimedAsync(id))).ShouldBeTrue();

        (await storage.ClaimAsync(id)).ShouldBeNull();
        storage.Time.Advance(TimeSpan.FromSeconds(1));
        (await storage.ClaimedAsync(id)).Attempt.ShouldBe(2);
    }

    [Fact]
    public async Task Fails_at_once_where_another_attempt_would_not_help()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var id = await storage.SubmitAsync();

        (await storage.FailAsync(await storage.ClaimedAsync(id), retryable: false)).ShouldBeTrue();

        (await storage.StatusAsync(id)).ShouldBe(EditStatus.Failed);
    }

    [Fact]
    public async Task Counts_the_attempts_of_each_stage_for_itself()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var id = await storage.SubmitAsync();
        foreach (var stage in new[] { EditStage.Understanding, EditStage.Generating })
        {
            for (var failures = 0; failures < 2; failures++)
            {
                (await storage.FailAsync(await storage.ClaimedAsync(id, stage))).ShouldBeTrue();
                storage.Time.Advance(TimeSpan.FromSeconds(5));
            }
            if (stage == EditStage.Understanding)
                (await storage.UnderstandAsync(await storage.ClaimedAsync(id))).ShouldBeTrue();
        }

        (await storage.GenerateAsync(await storage.ClaimedAsync(id, EditStage.Generating))).ShouldBeTrue();
        var edit = await storage.RowAsync(id);
        (edit.Status, edit.LastAttempt).ShouldBe((EditStatus.Succeeded, 6));
    }

    [Fact]
    public async Task Does_not_count_an_attempt_that_a_worker_gives_back()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var id = await storage.SubmitAsync();
        for (var times = 0; times < 5; times++)
            (await storage.ReleaseAsync(await storage.ClaimedAsync(id), canceled: false)).ShouldBeTrue();

        var edit = await storage.RowAsync(id);
        (edit.LastAttempt, edit.StageAttempts, edit.Status).ShouldBe((5, 0, EditStatus.Processing));
        (await storage.ClaimAsync(id)).ShouldNotBeNull();
    }

    private static async Task LoseAsync(StorageUnderTest storage)
    {
        storage.Time.Advance(Lease);
        await storage.Sweep.SweepAsync(TestContext.Current.CancellationToken);
        storage.Time.Advance(TimeSpan.FromSeconds(5));
    }
}
