using FlexEdit.Storage.Webhooks.Delivering;
using FlexEdit.Storage.Webhooks.Endpoints;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Storage;

/// <summary>Who is told what, in which order, and that nothing is forgotten.</summary>
public sealed class WebhookDeliveryTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Tells_of_an_edit_in_order_with_the_job_as_it_was()
    {
        await using var receiver = new WebhookReceiver();
        await using var storage = await WebhookCalls.StartAsync(_folder);
        await storage.WebhookAsync(receiver.Url);
        var id = await storage.SucceededAsync();

        await storage.SendAsync();

        receiver.Calls.Select(call => call.Type).ShouldBe(["edit.started", "edit.succeeded"]);
        receiver.Calls.Select(call => call.Json.GetProperty("data").GetProperty("id").GetString()).ShouldAllBe(told => told == id);
        receiver.Calls.Select(call => call.Json.GetProperty("data").GetProperty("status").GetString()).ShouldBe(["processing", "succeeded"]);
        receiver.Calls[1].Json.GetProperty("data").GetProperty("sequence").GetInt64().ShouldBe((await storage.RowAsync(id)).Sequence);
        receiver.Calls[1].Json.GetProperty("data").GetProperty("attempts").GetArrayLength().ShouldBe(2);
        receiver.Calls[1].Json.GetProperty("timestamp").GetDateTime().ShouldBe(storage.Time.GetUtcNow().UtcDateTime);
        receiver.Calls[0].Id.ShouldStartWith("msg_");
        receiver.Calls[0].Id.ShouldNotBe(receiver.Calls[1].Id);
        (await storage.DeliveriesAsync()).ShouldAllBe(d => d.State == "delivered" && d.NextAttemptAt == null);
        (await storage.LogAsync()).ShouldAllBe(a => a.Status == 200 && a.Response == "ok" && a.Error == null);
    }

    [Fact]
    public async Task Tells_only_what_the_filter_lets_through_and_one_message_has_one_id_for_all()
    {
        await using var receiver = new WebhookReceiver();
        await using var storage = await WebhookCalls.StartAsync(_folder);
        await storage.WebhookAsync(receiver.Url, "edit.succeeded");
        await storage.WebhookAsync(receiver.Url, "edit.succeeded", "edit.canceled");
        await storage.WebhookAsync(receiver.Url, "edit.failed");
        await storage.SucceededAsync();

        await storage.SendAsync();

        receiver.Calls.Select(call => call.Type).ShouldBe(["edit.succeeded", "edit.succeeded"]);
        receiver.Calls.Select(call => call.Id).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Tells_the_url_that_an_edit_names_itself_signed_with_the_tenants_secret()
    {
        await using var receiver = new WebhookReceiver();
        await using var storage = await WebhookCalls.StartAsync(_folder);
        var request = await storage.RequestAsync() with { Webhook = receiver.Url, WebhookEvents = ["edit.canceled"] };
        (await storage.SubmitAsync(request)).Refused.ShouldBeNull();
        await storage.CancelAsync(request.EditId);

        await storage.SendAsync();

        var call = receiver.Calls.ShouldHaveSingleItem();
        call.Type.ShouldBe("edit.canceled");
        var secret = await storage.Get<WebhookSecrets>().DefaultAsync(StorageUnderTest.Tenant, Token);
        call.Headers["webhook-signature"].ShouldBe(Signature.Of(call.Id, long.Parse(call.Headers["webhook-timestamp"], null), call.Body, [secret]));
    }

    [Fact]
    public async Task Tells_no_other_tenants_endpoint()
    {
        await using var receiver = new WebhookReceiver();
        await using var storage = await WebhookCalls.StartAsync(_folder);
        await storage.Get<WebhookRegister>().CreateAsync("somebody-else", receiver.Url, null, Token);
        await storage.SucceededAsync();

        (await storage.SendAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_later_event_of_an_edit_waits_until_the_earlier_one_has_ended_and_other_edits_do_not()
    {
        await using var receiver = new WebhookReceiver(WebhookReceiver.Answers(500));
        await using var storage = await WebhookCalls.StartAsync(_folder);
        await storage.WebhookAsync(receiver.Url);
        var first = await storage.SucceededAsync();
        await storage.SendAsync();
        receiver.Calls.ShouldHaveSingleItem().Type.ShouldBe("edit.started");

        receiver.Script = WebhookReceiver.Answers(200);
        var second = await storage.SucceededAsync("other");
        await storage.SendAsync();

        // The second edit's success says that the endpoint is back, so the first one's events follow at once.
        var told = receiver.Calls.Skip(1).Select(call => (Id: call.Json.GetProperty("data").GetProperty("id").GetString(), call.Type)).ToArray();
        told.Where(call => call.Id == first).Select(call => call.Type).ShouldBe(["edit.started", "edit.succeeded"]);
        told.Where(call => call.Id == second).Select(call => call.Type).ShouldBe(["edit.started", "edit.succeeded"]);
        receiver.Calls.Where(call => call.Json.GetProperty("data").GetProperty("id").GetString() == first && call.Type == "edit.started").Select(call => call.Id).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task What_a_killed_process_was_sending_another_sends_under_the_same_id_when_the_lease_is_over()
    {
        await using var receiver = new WebhookReceiver(WebhookReceiver.Hangs());
        await using var storage = await WebhookCalls.StartAsync(_folder);
        await storage.WebhookAsync(receiver.Url, "edit.started");
        await storage.ClaimedAsync(await storage.SubmitAsync());
        (await storage.Get<DeliveryDispatcher>().BeginAsync(Token)).ShouldBe(1);
        await receiver.ArrivedAsync(Token);
        receiver.Script = WebhookReceiver.Answers(200);

        await using var other = await WebhookCalls.StartAsync(_folder);
        (await other.SendAsync()).ShouldBe(0);
        other.Time.Advance(TimeSpan.FromSeconds(60));
        (await other.SendAsync()).ShouldBe(1);

        receiver.Calls.Count.ShouldBe(2);
        receiver.Calls[0].Id.ShouldBe(receiver.Calls[1].Id);
        receiver.Calls[0].Text.ShouldBe(receiver.Calls[1].Text);
        (await other.DeliveriesAsync()).ShouldHaveSingleItem().State.ShouldBe("delivered");

        // The first process is not dead after all, and what came of its attempt no longer counts.
        storage.Time.Advance(TimeSpan.FromSeconds(15));
        await Task.WhenAll(storage.Get<DeliveryDispatcher>().UnderWay);
        (await other.DeliveriesAsync()).ShouldHaveSingleItem().State.ShouldBe("delivered");
        (await other.LogAsync()).ShouldHaveSingleItem().Status.ShouldBe(200);
    }

    [Fact]
    public async Task Several_processes_share_the_work_and_send_nothing_twice()
    {
        await using var receiver = new WebhookReceiver();
        await using var one = await WebhookCalls.StartAsync(_folder);
        await using var two = await WebhookCalls.StartAsync(_folder, one.Time);
        for (var i = 0; i < 5; i++)
            await one.WebhookAsync(receiver.Url, "edit.started");
        for (var i = 0; i < 6; i++)
            await one.ClaimedAsync(await one.SubmitAsync($"scene{i}"));

        await Task.WhenAll(one.SendAsync(), two.SendAsync());

        receiver.Calls.Count.ShouldBe(30);
        (await one.LogAsync()).Count.ShouldBe(30);
        (await one.DeliveriesAsync()).ShouldAllBe(d => d.State == "delivered" && d.Attempts == 1);
    }

    [Fact]
    public async Task An_edit_that_is_deleted_takes_its_messages_along_and_one_whose_time_is_over_leaves_the_log()
    {
        await using var receiver = new WebhookReceiver();
        await using var storage = await WebhookCalls.StartAsync(_folder, null, ("Storage:Retention", "00:10:00"));
        await storage.WebhookAsync(receiver.Url, "edit.succeeded");
        await storage.DeleteAsync(await storage.SucceededAsync());
        (await storage.DeliveriesAsync()).ShouldBeEmpty();

        await storage.SucceededAsync();
        await storage.SendAsync();
        storage.Time.Advance(TimeSpan.FromMinutes(11));
        await storage.Retain.SweepAsync(Token);
        (await storage.DeliveriesAsync()).ShouldHaveSingleItem();

        storage.Time.Advance(TimeSpan.FromDays(30));
        await storage.Get<DeliveryUpkeep>().ForgetOldAsync(Token);
        await using var ledger = await storage.OpenAsync();
        (await ledger.WebhookMessages.AnyAsync(Token), await ledger.Deliveries.AnyAsync(Token), await ledger.DeliveryAttempts.AnyAsync(Token)).ShouldBe((false, false, false));
    }

    [Theory]
    [InlineData("http://example.com/")]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://2130706433/")]
    [InlineData("https://[::ffff:10.0.0.1]/")]
    [InlineData("https://user@example.com/")]
    [InlineData("https://example.com:22/")]
    public async Task Refuses_an_edit_whose_url_may_not_be_told(string url)
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var refused = (await storage.SubmitAsync(await storage.RequestAsync() with { Webhook = url })).Refused.ShouldNotBeNull();

        (refused.Status, refused.Code, refused.Param).ShouldBe((422, "webhook_invalid", "webhook"));
        await using var ledger = await storage.OpenAsync();
        (await ledger.Edits.AnyAsync(Token)).ShouldBeFalse();
    }

    [Fact]
    public async Task Refuses_an_edit_that_wants_to_be_told_of_what_there_is_not()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var request = await storage.RequestAsync() with { Webhook = "https://example.com/", WebhookEvents = ["webhook.disabled"] };

        (await storage.SubmitAsync(request)).Refused.ShouldNotBeNull().Param.ShouldBe("webhook_events");
    }
}
