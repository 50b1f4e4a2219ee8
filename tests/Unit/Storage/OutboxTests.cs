using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Messages;
using FlexEdit.Storage.Ledger;
using FlexEdit.Storage.Outbox;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Storage;

public sealed class OutboxTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Sends_what_a_process_committed_before_it_was_killed()
    {
        string id;
        await using (var killed = await StorageUnderTest.StartAsync(_folder))
            id = await killed.SubmitAsync();

        await using var next = await MessageBus.StartAsync(_folder);
        (await next.Dispatcher.SendDueAsync(TestContext.Current.CancellationToken)).ShouldBe(0);
        next.Storage.Time.Advance(FreshMessages.TakenFor);
        await next.Dispatcher.SendDueAsync(TestContext.Current.CancellationToken);

        (await next.NextAsync()).ShouldBe(new UnderstandEdit { EditId = id, Model = "flexedit-tiny" });
        (await next.Storage.OutboxAsync(id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Sends_what_another_dispatcher_had_taken_when_it_was_killed()
    {
        await using var bus = await MessageBus.StartAsync(_folder);
        string id;
        await using (var committed = await StorageUnderTest.StartAsync(_folder, bus.Storage.Time))
            id = await committed.SubmitAsync();
        await using (var ledger = await bus.Storage.OpenAsync())
        {
            var until = bus.Storage.Time.GetUtcNow().UtcTicks + TimeSpan.TicksPerSecond;
            await ledger.Outbox.ExecuteUpdateAsync(row => row.SetProperty(m => m.TakenBy, "killed").SetProperty(m => m.SendAfter, until), TestContext.Current.CancellationToken);
        }
        (await bus.Dispatcher.SendDueAsync(TestContext.Current.CancellationToken)).ShouldBe(0);

        bus.Storage.Time.Advance(TimeSpan.FromSeconds(1));
        await bus.Dispatcher.SendDueAsync(TestContext.Current.CancellationToken);

        (await bus.NextAsync()).ShouldBe(new UnderstandEdit { EditId = id, Model = "flexedit-tiny" });
    }

    [Fact]
    public async Task Hands_over_what_it_has_not_sent_when_it_stops()
    {
        await using var bus = await MessageBus.StartAsync(_folder);
        string id;
        await using (var stopping = await MessageBus.StartAsync(_folder, bus.Storage.Time))
        {
            await stopping.Dispatcher.StartAsync(TestContext.Current.CancellationToken);
            await stopping.Storage.Get<IBusControl>().StopAsync(TestContext.Current.CancellationToken);
            id = await stopping.Storage.SubmitAsync();
            await stopping.Dispatcher.StopAsync(TestContext.Current.CancellationToken);
        }

        await bus.Dispatcher.SendDueAsync(TestContext.Current.CancellationToken);

        (await bus.NextAsync()).ShouldBe(new UnderstandEdit { EditId = id, Model = "flexedit-tiny" });
    }

    [Fact]
    public async Task Leaves_to_the_outbox_what_it_could_not_send_for_long()
    {
        await using var bus = await MessageBus.StartAsync(_folder);
        var id = await bus.Storage.SubmitAsync();
        bus.Storage.Time.Advance(FreshMessages.TakenFor / 2);

        (await bus.Dispatcher.SendDueAsync(TestContext.Current.CancellationToken)).ShouldBe(0);
        bus.Storage.Time.Advance(FreshMessages.TakenFor / 2);
        (await bus.Dispatcher.SendDueAsync(TestContext.Current.CancellationToken)).ShouldBe(1);

        (await bus.NextAsync()).ShouldBe(new UnderstandEdit { EditId = id, Model = "flexedit-tiny" });
    }

    [Fact]
    public async Task Lets_no_message_that_cannot_be_sent_hold_up_the_others()
    {
        await using var bus = await MessageBus.StartAsync(_folder);
        await using (var ledger = await bus.Storage.OpenAsync())
        {
            ledger.Outbox.Add(new OutboxRow { EditId = "poison", Kind = "Nonsense", Body = "{}", SendAfter = 0 });
            await ledger.SaveChangesAsync(TestContext.Current.CancellationToken);
        }
        var id = await bus.Storage.SubmitAsync();

        await bus.Dispatcher.SendDueAsync(TestContext.Current.CancellationToken);

        (await bus.NextAsync()).ShouldBe(new UnderstandEdit { EditId = id, Model = "flexedit-tiny" });
        await using var after = await bus.Storage.OpenAsync();
        var poison = await after.Outbox.SingleAsync(TestContext.Current.CancellationToken);
        poison.SendAfter.ShouldBeGreaterThan(bus.Storage.Time.GetUtcNow().UtcTicks);
    }

    [Fact]
    public async Task Sends_the_command_of_a_retry_when_its_time_has_come()
    {
        await using var bus = await MessageBus.StartAsync(_folder);
        var id = await bus.Storage.SubmitAsync();
        var attempt = await bus.Storage.ClaimedAsync(id);
        await bus.Storage.LoseMessagesAsync();
        await bus.Storage.FailAsync(attempt);

        await bus.Dispatcher.SendDueAsync(TestContext.Current.CancellationToken);
        (await bus.Storage.OutboxAsync(id)).ShouldBe(["UnderstandEdit"]);
        bus.Storage.Time.Advance(TimeSpan.FromSeconds(1));
        await bus.Dispatcher.SendDueAsync(TestContext.Current.CancellationToken);

        (await bus.NextAsync()).ShouldBeOfType<UnderstandEdit>();
    }

    [Fact]
    public async Task Tells_every_worker_about_a_cancel()
    {
        await using var bus = await MessageBus.StartAsync(_folder);
        var id = await bus.Storage.SubmitAsync();
        await bus.Storage.ClaimedAsync(id);
        await bus.Storage.LoseMessagesAsync();
        await bus.Storage.CancelAsync(id);

        await bus.Dispatcher.SendDueAsync(TestContext.Current.CancellationToken);

        (await bus.NextAsync()).ShouldBe(new EditCancelRequested { EditId = id, Attempt = 1 });
    }

    [Fact]
    public async Task Sends_each_message_once_where_two_dispatchers_run()
    {
        await using var one = await MessageBus.StartAsync(_folder);
        await using var two = await MessageBus.StartAsync(_folder, one.Storage.Time);
        for (var edits = 0; edits < 30; edits++)
            await one.Storage.SubmitAsync();

        var sent = await Task.WhenAll(
            Task.Run(() => one.Dispatcher.SendDueAsync(CancellationToken.None)), Task.Run(() => two.Dispatcher.SendDueAsync(CancellationToken.None)));

        sent.Sum().ShouldBe(30);
        await using var ledger = await one.Storage.OpenAsync();
        (await ledger.Outbox.AnyAsync(TestContext.Current.CancellationToken)).ShouldBeFalse();
    }

    [Fact]
    public async Task Wakes_for_a_commit_without_waiting_for_its_interval()
    {
        // The time of the test stands still, so only the ring of the commit can wake the dispatcher.
        await using var bus = await MessageBus.StartAsync(_folder);
        await bus.Dispatcher.StartAsync(TestContext.Current.CancellationToken);

        for (var edits = 0; edits < 3; edits++)
        {
            var id = await bus.Storage.SubmitAsync();
            (await bus.NextAsync()).ShouldBe(new UnderstandEdit { EditId = id, Model = "flexedit-tiny" });
        }

        await bus.Dispatcher.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Answers_a_submission_over_the_bus_after_the_commit()
    {
        await using var bus = await MessageBus.StartAsync(_folder);
        var request = await bus.Storage.RequestAsync();
        var client = bus.Storage.Get<IBusControl>().CreateRequestClient<SubmitEdit>();

        var answer = await client.GetResponse<EditSubmitted, EditRefused>(request, TestContext.Current.CancellationToken);
        answer.Is(out Response<EditSubmitted>? submitted).ShouldBeTrue();
        submitted!.Message.EditId.ShouldBe(request.EditId);
        (await bus.Storage.StatusAsync(request.EditId)).ShouldBe(EditStatus.Queued);

        var refused = await client.GetResponse<EditSubmitted, EditRefused>(request with { Tenant = "other" }, TestContext.Current.CancellationToken);
        refused.Is(out Response<EditRefused>? why).ShouldBeTrue();
        why!.Message.Status.ShouldBe(409);
    }
}
