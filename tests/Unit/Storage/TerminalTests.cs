using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Ledger;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Storage;

public sealed class TerminalTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(EditStatus.Succeeded)]
    [InlineData(EditStatus.Failed)]
    [InlineData(EditStatus.Canceled)]
    [InlineData(EditStatus.Expired)]
    public async Task Never_changes_an_edit_that_has_ended(string status)
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var id = await EndedAsync(storage, status);
        (await storage.StatusAsync(id)).ShouldBe(status);
        var before = await storage.JobAsync(id);

        await storage.CancelAsync(id);
        foreach (var stage in new[] { EditStage.Understanding, EditStage.Generating })
        {
            (await storage.ClaimAsync(id, stage)).ShouldBeNull();
            for (var number = 1; number <= 3; number++)
            {
                var attempt = new AttemptRef { EditId = id, Stage = stage, Attempt = number };
                await storage.HeartbeatAsync(attempt);
                await storage.UnderstandAsync(attempt);
                await storage.GenerateAsync(attempt);
                await storage.FailAsync(attempt);
                await storage.ReleaseAsync(attempt, canceled: true);
            }
        }
        await storage.Sweep.TakeOverAsync(TestContext.Current.CancellationToken);
        storage.Time.Advance(TimeSpan.FromDays(6));
        await storage.Sweep.SweepAsync(TestContext.Current.CancellationToken);
        await storage.Retain.SweepAsync(TestContext.Current.CancellationToken);

        (await storage.JobAsync(id)).ShouldBe(before);
    }

    private static async Task<string> EndedAsync(StorageUnderTest storage, string status)
    {
        switch (status)
        {
            case EditStatus.Succeeded:
                return await storage.SucceededAsync();
            case EditStatus.Failed:
                var failed = await storage.SubmitAsync();
                await storage.FailAsync(await storage.ClaimedAsync(failed), retryable: false);
                return failed;
            case EditStatus.Canceled:
                var canceled = await storage.SubmitAsync();
                await storage.CancelAsync(canceled);
                return canceled;
            default:
                var expired = await storage.SubmitAsync();
                storage.Time.Advance(TimeSpan.FromHours(1));
                await storage.Sweep.SweepAsync(TestContext.Current.CancellationToken);
                return expired;
        }
    }
}
