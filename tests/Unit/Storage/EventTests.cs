using FlexEdit.Contracts.Edits;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Storage;

public sealed class EventTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Numbers_the_changes_of_an_edit_from_its_submission_to_its_end()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var id = await storage.SucceededAsync();

        (await storage.JournalAsync(id)).Events.Select(e => (e.Sequence, e.Status, e.Stage)).ShouldBe(
        [
            (1L, EditStatus.Queued, null),
            (2L, EditStatus.Processing, EditStage.Understanding),
            (3L, EditStatus.Processing, EditStage.Generating),
            (4L, EditStatus.Processing, EditStage.Generating),
            (5L, EditStatus.Succeeded, null),
        ]);
    }

    [Fact]
    public async Task Leaves_no_gap_under_twenty_writers_in_two_processes()
    {
        await using var one = await StorageUnderTest.StartAsync(_folder);
        await using var two = await StorageUnderTest.StartAsync(_folder, one.Time);
        var id = await one.SubmitAsync();
        var changes = 0;

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(async () =>
        {
            var storage = i % 2 == 0 ? one : two;
            for (var turn = 0; turn < 5; turn++)
            {
                if (await storage.ClaimAsync(id) is not { } grant)
                    continue;
                (await storage.ReleaseAsync(grant.Attempt, canceled: false)).ShouldBeTrue();
                Interlocked.Add(ref changes, 2);
            }
        })));

        var journal = await one.JournalAsync(id);
        changes.ShouldBeGreaterThan(0);
        journal.Sequence.ShouldBe(changes + 1);
        journal.Events.Select(e => e.Sequence).ShouldBe(Enumerable.Range(1, changes + 1).Select(n => (long)n));
    }

    [Fact]
    public async Task Gives_only_what_came_after_a_number_and_only_to_its_tenant()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var id = await storage.SucceededAsync();
        var journal = storage.Get<FlexEdit.Contracts.Ledger.IEditJournal>();

        (await journal.ReadAsync(StorageUnderTest.Tenant, id, 3, TestContext.Current.CancellationToken)).ShouldNotBeNull()
            .Events.Select(e => e.Sequence).ShouldBe([4L, 5L]);
        (await journal.ReadAsync("other", id, 0, TestContext.Current.CancellationToken)).ShouldBeNull();
    }
}
