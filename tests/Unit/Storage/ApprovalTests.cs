using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Messages;
using FlexEdit.Platform.Objects;
using FlexEdit.Storage.Edits;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Storage;

public sealed class ApprovalTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Goes_on_to_the_generation_as_it_was_understood()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var id = await PausedAsync(storage);

        (await ApproveAsync(storage, id)).ShouldBeNull();

        var edit = await storage.RowAsync(id);
        (edit.Status, edit.Stage).ShouldBe((EditStatus.Processing, EditStage.Generating));
        var grant = (await storage.ClaimAsync(id, EditStage.Generating)).ShouldNotBeNull();
        grant.Understanding.ShouldNotBeNull().Label.ShouldBe("chair");
        (await storage.GenerateAsync(grant.Attempt)).ShouldBeTrue();
        (await storage.StatusAsync(id)).ShouldBe(EditStatus.Succeeded);
    }

    [Fact]
    public async Task Reads_a_correction_anew_and_does_not_pause_again()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var id = await PausedAsync(storage);

        (await ApproveAsync(storage, id, label: "stool", instruction: "Make it blue.")).ShouldBeNull();

        (await storage.RowAsync(id)).UnderstandingJson.ShouldBeNull();
        (await storage.ClaimAsync(id, EditStage.Generating)).ShouldBeNull();
        var grant = (await storage.ClaimAsync(id)).ShouldNotBeNull();
        (grant.Label, grant.Instruction).ShouldBe(("stool", "Make it blue."));
        (await storage.UnderstandAsync(grant.Attempt)).ShouldBeTrue();
        (await storage.ClaimAsync(id, EditStage.Generating)).ShouldNotBeNull().Instruction.ShouldBe("Make it blue.");
    }

    [Fact]
    public async Task Gives_every_stage_its_attempts_anew_after_a_correction()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var id = await PausedAsync(storage);
        await ApproveAsync(storage, id, label: "stool");

        for (var attempt = 1; attempt <= 3; attempt++)
        {
            (await storage.StatusAsync(id)).ShouldBe(EditStatus.Processing);
            await storage.FailAsync(await storage.ClaimedAsync(id));
            storage.Time.Advance(TimeSpan.FromMinutes(1));
        }

        (await storage.StatusAsync(id)).ShouldBe(EditStatus.Failed);
    }

    [Fact]
    public async Task Takes_another_mask_and_lets_go_of_the_first()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var id = await PausedAsync(storage);
        var mask = Samples.Picture("better") with { OriginalKey = null };
        await storage.Objects.PutAsync(mask.UprightKey, new MemoryStream([1]), "image/png", Token);

        (await ApproveAsync(storage, id, mask: mask)).ShouldBeNull();

        (await storage.ClaimAsync(id)).ShouldNotBeNull().Inputs.Mask.UprightKey.ShouldBe(mask.UprightKey);
        await storage.Retain.SweepAsync(Token);
        (await storage.Objects.ExistsAsync(ObjectKeys.Upright("acme", "mask-upright"), Token)).ShouldBeFalse();
        await storage.CancelAsync(id);
        storage.Time.Advance(TimeSpan.FromMinutes(2));
        await storage.Sweep.SweepAsync(Token);
        (await storage.DeleteAsync(id)).ShouldBe(RemoveEditHandler.Outcome.Removed);
        (await storage.Objects.ExistsAsync(mask.UprightKey, Token)).ShouldBeFalse();
        await using var ledger = await storage.OpenAsync();
        (ledger.Inputs.Any(), ledger.InputUses.Any()).ShouldBe((false, false));
    }

    [Fact]
    public async Task Leaves_all_as_it_was_where_the_mask_is_not_stored()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var id = await PausedAsync(storage);

        (await ApproveAsync(storage, id, mask: Samples.Picture("lost"), label: "stool")).ShouldNotBeNull().Status.ShouldBe(503);
        (await ApproveAsync(storage, id, mask: Samples.Picture("small") with { Width = 8 })).ShouldNotBeNull().Code.ShouldBe("mask_size_mismatch");

        (await storage.StatusAsync(id)).ShouldBe(EditStatus.AwaitingApproval);
        (await storage.RowAsync(id)).ApprovalJson.ShouldBeNull();
        (await ApproveAsync(storage, id)).ShouldBeNull();
    }

    [Fact]
    public async Task Changes_nothing_when_repeated_and_refuses_other_words()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var id = await PausedAsync(storage);
        await ApproveAsync(storage, id, label: "stool");
        var first = await storage.RowAsync(id);

        (await ApproveAsync(storage, id, label: "stool")).ShouldBeNull();
        (await ApproveAsync(storage, id, label: "bench")).ShouldNotBeNull().Status.ShouldBe(409);

        (await storage.RowAsync(id)).Version.ShouldBe(first.Version);
    }

    [Fact]
    public async Task Approves_once_where_many_ask_at_the_same_time()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var id = await PausedAsync(storage);
        var before = (await storage.RowAsync(id)).Sequence;

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => ApproveAsync(storage, id, label: $"label {i}")));

        answers.Count(answer => answer is null).ShouldBe(1);
        answers.OfType<EditRefused>().ShouldAllBe(refused => refused.Status == 409);
        (await storage.RowAsync(id)).Sequence.ShouldBe(before + 1);
    }

    [Fact]
    public async Task Refuses_an_edit_that_does_not_wait_for_it()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var queued = await storage.SubmitAsync();
        (await ApproveAsync(storage, queued)).ShouldNotBeNull().Status.ShouldBe(409);
        (await storage.StatusAsync(queued)).ShouldBe(EditStatus.Queued);

        var paused = await PausedAsync(storage);
        (await ApproveAsync(storage, paused, tenant: "other")).ShouldNotBeNull().Status.ShouldBe(404);
        storage.Time.Advance(TimeSpan.FromHours(24));
        (await ApproveAsync(storage, paused)).ShouldNotBeNull().Status.ShouldBe(409);
        (await storage.StatusAsync(paused)).ShouldBe(EditStatus.Expired);
    }

    [Fact]
    public async Task A_key_stands_for_what_was_done_and_never_for_a_refusal()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var (late, paused) = (await PausedAsync(storage), await PausedAsync(storage));
        var approve = new ApproveEdit { EditId = late, Tenant = StorageUnderTest.Tenant, RequestDigest = "words", IdempotencyKey = "key", KeyDigest = "late" };
        storage.Time.Advance(TimeSpan.FromHours(24));
        (await HandleAsync(storage, approve)).Refused.ShouldNotBeNull().Status.ShouldBe(409);
        (await storage.StatusAsync(late)).ShouldBe(EditStatus.Expired);
        await using (var ledger = await storage.OpenAsync())
            ledger.IdempotencyKeys.ShouldBeEmpty();

        var id = await PausedAsync(storage);
        approve = approve with { EditId = id, KeyDigest = "good" };
        (await HandleAsync(storage, approve)).Approved.ShouldBe(new EditApproved { EditId = id });
        (await HandleAsync(storage, approve)).Approved.ShouldBe(new EditApproved { EditId = id, Replayed = true });
        (await HandleAsync(storage, approve with { KeyDigest = "other" })).Refused.ShouldNotBeNull().Code.ShouldBe("idempotency_key_reused");
        (await storage.StatusAsync(paused)).ShouldBe(EditStatus.AwaitingApproval);
    }

    private static Task<ApproveOutcome> HandleAsync(StorageUnderTest storage, ApproveEdit approve) => storage.Get<ApproveEditHandler>().HandleAsync(approve, Token);

    private static async Task<string> PausedAsync(StorageUnderTest storage)
    {
        var id = await storage.SubmitAsync(pauseAfter: EditStage.Understanding);
        (await storage.UnderstandAsync(await storage.ClaimedAsync(id))).ShouldBeTrue();
        (await storage.StatusAsync(id)).ShouldBe(EditStatus.AwaitingApproval);
        return id;
    }

    private static async Task<EditRefused?> ApproveAsync(
        StorageUnderTest storage, string id, string? label = null, string? instruction = null, InputPicture? mask = null, string tenant = StorageUnderTest.Tenant) =>
        (await storage.Get<ApproveEditHandler>().HandleAsync(
            new ApproveEdit { EditId = id, Tenant = tenant, Label = label, Instruction = instruction, Mask = mask, RequestDigest = $"{label} {instruction} {mask?.UprightKey}" },
            Token)).Refused;
}
