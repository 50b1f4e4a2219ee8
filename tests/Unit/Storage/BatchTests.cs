using System.Text.Json;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Batches;
using FlexEdit.Contracts.Edits;
using FlexEdit.Platform.Objects;
using FlexEdit.Storage.Batches;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Storage;

public sealed class BatchTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Hands_lines_out_in_order_and_no_more_than_may_be_under_way()
    {
        await using var storage = await StartAsync(("Storage:BatchInFlight", "3"));
        var id = await CreatedAsync(storage, 5);

        (await TakeAsync(storage, 2)).Select(line => line.Line).ShouldBe([1, 2]);
        (await TakeAsync(storage, 9)).Select(line => line.Line).ShouldBe([3]);
        (await TakeAsync(storage, 9)).ShouldBeEmpty();
        var edit = await MadeAsync(storage, id, 1);
        (await TakeAsync(storage, 9)).ShouldBeEmpty();
        await storage.CancelAsync(edit);

        (await TakeAsync(storage, 9)).Select(line => (line.Line, line.Part.Offset, line.Part.CustomId)).ShouldBe([(4, 30L, "c4")]);
    }

    [Fact]
    public async Task Tenants_take_turns()
    {
        await using var storage = await StartAsync(("Storage:BatchInFlight", "100"));
        await CreatedAsync(storage, 50);
        await CreatedAsync(storage, 2, tenant: "other");

        (await TakeAsync(storage, 4)).Select(line => line.Tenant).Distinct().ShouldBe(["acme"]);
        (await TakeAsync(storage, 4)).Select(line => line.Tenant).ShouldBe(["other", "other", "acme", "acme"]);
    }

    [Fact]
    public async Task A_line_that_nobody_was_heard_of_again_about_is_handed_out_again()
    {
        await using var storage = await StartAsync();
        await CreatedAsync(storage, 1);
        (await TakeAsync(storage, 1)).ShouldHaveSingleItem().Takes.ShouldBe(1);

        storage.Time.Advance(TimeSpan.FromSeconds(59));
        (await TakeAsync(storage, 1)).ShouldBeEmpty();
        storage.Time.Advance(TimeSpan.FromSeconds(1));

        (await TakeAsync(storage, 1)).ShouldHaveSingleItem().Takes.ShouldBe(2);
    }

    [Fact]
    public async Task A_line_that_is_given_back_is_handed_out_in_a_few_seconds_and_does_not_count()
    {
        await using var storage = await StartAsync();
        var id = await CreatedAsync(storage, 1);
        await TakeAsync(storage, 1);

        await storage.Get<IBatchLedger>().GiveBackAsync(id, 1, Token);

        (await TakeAsync(storage, 1)).ShouldBeEmpty();
        storage.Time.Advance(TimeSpan.FromSeconds(5));
        (await TakeAsync(storage, 1)).ShouldHaveSingleItem().Takes.ShouldBe(1);
    }

    [Fact]
    public async Task Of_a_line_one_edit_is_made_however_often_it_is_submitted()
    {
        await using var storage = await StartAsync();
        var id = await CreatedAsync(storage, 1);
        await TakeAsync(storage, 1);

        var edits = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => MadeAsync(storage, id, 1))));

        edits.Distinct().ShouldHaveSingleItem();
        await using var ledger = await storage.OpenAsync();
        ledger.Edits.Count().ShouldBe(1);
        // A refusal that comes late says nothing any more.
        await RefuseAsync(storage, id, 1);
        (await ViewAsync(storage, id)).Counts.ShouldBe(new BatchCounts { Queued = 1 });
    }

    [Fact]
    public async Task Counts_what_has_become_of_its_lines_and_ends_with_the_last_of_them()
    {
        await using var storage = await StartAsync();
        var id = await CreatedAsync(storage, 3);
        await storage.Objects.PutAsync(ObjectKeys.BatchBody("acme", id), new MemoryStream([1]), "application/jsonl", Token);
        await TakeAsync(storage, 3);
        var (first, second) = (await MadeAsync(storage, id, 1), await MadeAsync(storage, id, 2));
        await RefuseAsync(storage, id, 3);
        (await ViewAsync(storage, id)).Counts.ShouldBe(new BatchCounts { Queued = 2, Failed = 1 });

        await storage.CancelAsync(second);
        (await storage.UnderstandAsync(await storage.ClaimedAsync(first))).ShouldBeTrue();
        (await ViewAsync(storage, id)).Counts.ShouldBe(new BatchCounts { Processing = 1, Canceled = 1, Failed = 1 });
        (await storage.GenerateAsync(await storage.ClaimedAsync(first, EditStage.Generating))).ShouldBeTrue();
        await storage.Get<BatchUpkeep>().TendAsync(Token);

        var done = await ViewAsync(storage, id);
        (done.Status, done.Counts, done.CompletedAt is null).ShouldBe(("completed", new BatchCounts { Succeeded = 1, Canceled = 1, Failed = 1 }, false));
        (await storage.Objects.ExistsAsync(ObjectKeys.BatchBody("acme", id), Token)).ShouldBeFalse();
        var results = await ResultsAsync(storage, id);
        results.Select(line => line.GetProperty("line").GetInt32()).ShouldBe([1, 2, 3]);
        results[0].GetProperty("edit").GetProperty("id").GetString().ShouldBe(first);
        results[1].GetProperty("edit").GetProperty("status").GetString().ShouldBe("canceled");
        (results[2].GetProperty("error").GetProperty("code").GetString(), results[2].GetProperty("custom_id").GetString()).ShouldBe(("mask_empty", "c3"));
    }

    [Fact]
    public async Task Keeps_how_an_edit_ended_when_its_data_are_removed_and_is_forgotten_after_its_own_retention()
    {
        await using var storage = await StartAsync();
        var id = await CreatedAsync(storage, 1);
        await TakeAsync(storage, 1);
        var edit = await MadeAsync(storage, id, 1);
        await storage.CancelAsync(edit);
        await storage.Get<BatchUpkeep>().TendAsync(Token);

        await storage.DeleteAsync(edit);

        (await ViewAsync(storage, id)).Counts.ShouldBe(new BatchCounts { Canceled = 1 });
        (await ResultsAsync(storage, id)).ShouldHaveSingleItem().GetProperty("error").GetProperty("code").GetString().ShouldBe("data_removed");
        storage.Time.Advance(TimeSpan.FromDays(7));
        await storage.Retain.SweepAsync(Token);
        (await storage.Get<BatchReader>().FindAsync("acme", id, Token)).ShouldBeNull();
        await using var ledger = await storage.OpenAsync();
        ledger.BatchLines.Any().ShouldBeFalse();
    }

    [Fact]
    public async Task A_canceled_batch_makes_no_more_edits_and_ends_those_under_way()
    {
        await using var storage = await StartAsync();
        var id = await CreatedAsync(storage, 4);
        await TakeAsync(storage, 3);
        var (waiting, working) = (await MadeAsync(storage, id, 1), await MadeAsync(storage, id, 2));
        var attempt = await storage.ClaimedAsync(working);

        (await storage.Get<BatchUpkeep>().CancelAsync("other", id, Token)).ShouldBeFalse();
        (await storage.Get<BatchUpkeep>().CancelAsync("acme", id, Token)).ShouldBeTrue();

        (await ViewAsync(storage, id)).Status.ShouldBe("canceling");
        (await storage.SubmitAsync(await LineAsync(storage, id, 3))).Refused.ShouldNotBeNull().Status.ShouldBe(409);
        (await storage.StatusAsync(waiting), await storage.StatusAsync(working)).ShouldBe(("canceled", "canceling"));
        await storage.ReleaseAsync(attempt, canceled: true);
        (await storage.Get<BatchUpkeep>().CancelAsync("acme", id, Token)).ShouldBeTrue();
        (await ViewAsync(storage, id)).Counts.ShouldBe(new BatchCounts { Canceled = 4 });
        (await ViewAsync(storage, id)).Status.ShouldBe("canceled");
        (await ResultsAsync(storage, id)).Count.ShouldBe(4);
    }

    [Fact]
    public async Task The_same_key_is_the_same_batch_and_another_body_another_request()
    {
        await using var storage = await StartAsync();
        var ledger = storage.Get<IBatchLedger>();
        var create = Create(3) with { IdempotencyKey = "night" };

        var first = await ledger.CreateAsync(create, Token);
        var second = await ledger.CreateAsync(create with { Id = Ids.NewBatch(TimeProvider.System) }, Token);
        var other = await ledger.CreateAsync(create with { Id = Ids.NewBatch(TimeProvider.System), RequestDigest = "another" }, Token);
        var tenant = await ledger.CreateAsync(create with { Id = Ids.NewBatch(TimeProvider.System), Tenant = "other" }, Token);

        (first.Replayed, second.Replayed, second.Batch!.Id).ShouldBe((false, true, first.Batch!.Id));
        other.Refused.ShouldNotBeNull().Code.ShouldBe("idempotency_key_reused");
        tenant.Replayed.ShouldBeFalse();
        (await storage.Get<BatchReader>().FindAsync("other", first.Batch.Id, Token)).ShouldBeNull();
        // A commit whose answer was lost.
        (await ledger.CreateAsync(create, Token)).Batch!.Id.ShouldBe(first.Batch.Id);
    }

    private Task<StorageUnderTest> StartAsync(params (string, string)[] settings) => StorageUnderTest.StartAsync(_folder, settings: settings);

    private static CreateBatch Create(int lines, string tenant = "acme") => new()
    {
        Id = Ids.NewBatch(TimeProvider.System),
        Tenant = tenant,
        Lines = [.. Enumerable.Range(1, lines).Select(line => new BatchPart((line - 1) * 10, 9, $"c{line}"))],
        RequestDigest = "d",
    };

    private static async Task<string> CreatedAsync(StorageUnderTest storage, int lines, string tenant = "acme") =>
        (await storage.Get<IBatchLedger>().CreateAsync(Create(lines, tenant), CancellationToken.None)).Batch.ShouldNotBeNull().Id;

    private static Task<IReadOnlyList<TakenLine>> TakeAsync(StorageUnderTest storage, int most) => storage.Get<IBatchLedger>().TakeAsync(most, CancellationToken.None);

    private static async Task<FlexEdit.Contracts.Messages.SubmitEdit> LineAsync(StorageUnderTest storage, string batch, int line) =>
        await storage.RequestAsync() with { EditId = Ids.NewEdit(TimeProvider.System), BatchId = batch, BatchLine = line };

    private static async Task<string> MadeAsync(StorageUnderTest storage, string batch, int line) =>
        (await storage.SubmitAsync(await LineAsync(storage, batch, line))).Submitted.ShouldNotBeNull().EditId;

    private static Task RefuseAsync(StorageUnderTest storage, string batch, int line) => storage.Get<IBatchLedger>().RefuseAsync(
        new LineRefused { BatchId = batch, Line = line, Problem = new LineProblem(422, "mask_empty", "It is empty.", "mask") }, CancellationToken.None);

    private static async Task<BatchView> ViewAsync(StorageUnderTest storage, string id) =>
        (await storage.Get<BatchReader>().FindAsync("acme", id, CancellationToken.None)).ShouldNotBeNull();

    private static async Task<List<JsonElement>> ResultsAsync(StorageUnderTest storage, string id)
    {
        using var output = new MemoryStream();
        await storage.Get<BatchResults>().WriteAsync(id, output, CancellationToken.None);
        return [.. System.Text.Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }
}
