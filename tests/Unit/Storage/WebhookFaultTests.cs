using System.Globalization;
using System.Net;
using FlexEdit.Platform.Outbound;
using FlexEdit.Storage.Webhooks.Delivering;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Storage;

/// <summary>Receivers that do all that receivers should not (F37, F38), in virtual time.</summary>
public sealed class WebhookFaultTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Follows_the_whole_schedule_with_one_id_and_then_gives_up()
    {
        await using var receiver = new WebhookReceiver(WebhookReceiver.Answers(500, "down"));
        await using var storage = await WithEventAsync(receiver.Url);
        await storage.SendAsync();

        var gaps = new List<TimeSpan>();
        while (await storage.NextAttemptAsync() is { } gap)
            gaps.Add(gap);

        gaps.Count.ShouldBe(RetrySchedule.Gaps.Count);
        foreach (var (gap, expected) in gaps.Zip(RetrySchedule.Gaps))
            gap.ShouldBeInRange(expected * 0.9, expected * 1.1);
        receiver.Calls.Count.ShouldBe(10);
        receiver.Calls.Select(call => (call.Id, call.Text)).Distinct().ShouldHaveSingleItem();
        receiver.Calls.Select(call => call.Headers["webhook-timestamp"]).Distinct().Count().ShouldBe(10);
        (await storage.DeliveriesAsync()).ShouldHaveSingleItem().State.ShouldBe("failed");
        (await storage.LogAsync()).Select(a => (a.Number, a.Status, a.Response)).ShouldBe(Enumerable.Range(1, 10).Select(i => (i, (int?)500, (string?)"down")));
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(400)]
    [InlineData(429)]
    [InlineData(503)]
    public async Task Whatever_is_no_2xx_is_a_failure_and_no_redirect_is_followed(int status)
    {
        await using var inside = new WebhookReceiver();
        await using var receiver = new WebhookReceiver(WebhookReceiver.Answers(status, "", $"Location: {inside.Url}\r\n"));
        await using var storage = await WithEventAsync(receiver.Url);

        await storage.SendAsync();

        inside.Calls.ShouldBeEmpty();
        var delivery = (await storage.DeliveriesAsync()).ShouldHaveSingleItem();
        (delivery.State, delivery.Failures).ShouldBe(("pending", 1));
    }

    [Fact]
    public async Task A_receiver_that_is_down_is_tried_again()
    {
        string url;
        await using (var gone = new WebhookReceiver())
            url = gone.Url;
        await using var storage = await WithEventAsync(url);

        await storage.SendAsync();

        var attempt = (await storage.LogAsync()).ShouldHaveSingleItem();
        (attempt.Status, attempt.Error).ShouldBe((null, "The connection failed: ConnectionRefused."));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("HTTP/1.1 20")]
    [InlineData("HTTP/1.1 200 OK\r\nX-Slow: ")]
    public async Task Nothing_lasts_longer_than_the_deadline(string? beginning)
    {
        await using var receiver = new WebhookReceiver(beginning is null ? WebhookReceiver.Hangs() : WebhookReceiver.HangsAfter(beginning));
        await using var storage = await WithEventAsync(receiver.Url);

        await LateAsync(storage, receiver);

        var attempt = (await storage.LogAsync()).ShouldHaveSingleItem();
        (attempt.Status, attempt.Error, attempt.LatencyMs).ShouldBe((null, "No answer within 15 s.", 15_000));
    }

    [Fact]
    public async Task A_body_that_does_not_end_in_time_changes_nothing_about_the_status()
    {
        await using var receiver = new WebhookReceiver(WebhookReceiver.HangsAfter("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nthank"));
        await using var storage = await WithEventAsync(receiver.Url);

        // Nobody sees when the beginning has been read: an attempt whose time was up before that is followed by one with more patience.
        var attempts = await storage.LogAsync();
        for (var patience = 50; attempts.All(a => a.Status is null); patience *= 3)
        {
            patience.ShouldBeLessThan(60_000);
            if (attempts.Count > 0)
                storage.Time.Advance(TimeSpan.FromDays(2));
            await LateAsync(storage, receiver, patience);
            attempts = await storage.LogAsync();
        }

        (attempts[^1].Status, attempts[^1].Response).ShouldBe((200, "thank"));
        (await storage.DeliveriesAsync()).ShouldHaveSingleItem().State.ShouldBe("delivered");
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")]
    public async Task Of_an_endless_answer_a_bounded_part_is_read_and_a_KiB_kept(string head)
    {
        var sent = new TaskCompletionSource<long>();
        await using var receiver = new WebhookReceiver(WebhookReceiver.Floods(head, sent.SetResult));
        await using var storage = await WithEventAsync(receiver.Url);

        await storage.SendAsync();

        var attempt = (await storage.LogAsync()).ShouldHaveSingleItem();
        (attempt.Status, attempt.Response).ShouldBe((200, new string('x', 1024)));
        // What is over 64 KiB lies in the buffers of the system.
        (await sent.Task).ShouldBeLessThan(20_000_000);
    }

    [Fact]
    public async Task A_reset_and_nonsense_are_failures()
    {
        await using var receiver = new WebhookReceiver(WebhookReceiver.Resets());
        await using var storage = await WithEventAsync(receiver.Url);
        await storage.SendAsync();
        receiver.Script = (_, socket, token) => socket.SendAsync("SSH-2.0-OpenSSH\r\n\r\n"u8.ToArray(), token).AsTask();
        await storage.NextAttemptAsync();

        (await storage.LogAsync()).Select(a => (a.Status, a.Error is null)).ShouldBe([(null, false), (null, false)]);
    }

    [Fact]
    public async Task Text_that_no_database_takes_is_kept_readable()
    {
        await using var receiver = new WebhookReceiver(WebhookReceiver.Answers(500, "a\0b" + new string('x', 1020) + "ü"));
        await using var storage = await WithEventAsync(receiver.Url);

        await storage.SendAsync();

        (await storage.LogAsync()).ShouldHaveSingleItem().Response.ShouldNotBeNull().ShouldStartWith("a\ufffdbxx");
    }

    [Theory]
    [InlineData("Retry-After: 3600\r\n", 3600)]
    [InlineData("Retry-After: Tue, 24 Nov 2026 07:00:00 GMT\r\n", 3600)]
    [InlineData("Retry-After: 99999999\r\n", 86400)]
    [InlineData("Retry-After: 1\r\n", 4.5)]
    [InlineData("Retry-After: never\r\n", 4.5)]
    public async Task Retry_after_is_honoured(string header, double least)
    {
        await using var receiver = new WebhookReceiver(WebhookReceiver.Answers(429, "", header));
        await using var storage = await WithEventAsync(receiver.Url);
        await storage.SendAsync();

        var gap = TimeSpan.FromTicks((await storage.DeliveriesAsync()).ShouldHaveSingleItem().NextAttemptAt!.Value - storage.Time.GetUtcNow().UtcTicks);

        gap.ShouldBeInRange(TimeSpan.FromSeconds(least), TimeSpan.FromSeconds(Math.Max(least, 5.5)));
        if (least < 10)
            return;
        // Other messages to it wait as long.
        await storage.SucceededAsync("other");
        (await storage.SendAsync()).ShouldBe(0);
        storage.Time.Advance(gap);
        (await storage.SendAsync()).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Gone_disables_the_endpoint_and_tells_the_tenants_others()
    {
        await using var receiver = new WebhookReceiver(WebhookReceiver.Answers(410));
        await using var other = new WebhookReceiver();
        await using var storage = await WithEventAsync(receiver.Url, ("Webhooks:Concurrency", "1"));
        var watching = await storage.WebhookAsync(other.Url, "webhook.disabled", "webhook.failing");
        await storage.SucceededAsync("other");

        await storage.SendAsync();

        receiver.Calls.Count.ShouldBe(1);
        var told = other.Calls.ShouldHaveSingleItem();
        told.Type.ShouldBe("webhook.disabled");
        told.Json.GetProperty("data").GetProperty("disabled_reason").GetString().ShouldBe("The endpoint answered 410 Gone.");
        told.Text.ShouldNotContain("whsec_");
        var gone = await storage.WebhookRowAsync(told.Json.GetProperty("data").GetProperty("id").GetString()!);
        gone.Enabled.ShouldBeFalse();
        (await storage.DeliveriesAsync()).Where(d => d.WebhookId != watching.Id).Select(d => d.State).ShouldBe(["failed", "skipped"], ignoreOrder: true);
    }

    [Fact]
    public async Task Five_days_of_nothing_but_failures_disable_the_endpoint_after_a_warning()
    {
        await using var receiver = new WebhookReceiver(WebhookReceiver.Answers(500));
        await using var other = new WebhookReceiver();
        await using var storage = await WithEventAsync(receiver.Url);
        await storage.WebhookAsync(other.Url, "webhook.disabled", "webhook.failing");
        var began = storage.Time.GetUtcNow();
        await storage.SendAsync();
        while (await storage.NextAttemptAsync() is not null)
        {
        }
        other.Calls.Select(call => call.Type).ShouldBe(["webhook.failing"]);

        storage.Time.Advance(began + TimeSpan.FromDays(5) - storage.Time.GetUtcNow());
        var last = await storage.SubmitAsync("last");
        await storage.ClaimedAsync(last);
        await storage.SendAsync();

        other.Calls.Select(call => call.Type).ShouldBe(["webhook.failing", "webhook.disabled"]);
        other.Calls[1].Json.GetProperty("data").GetProperty("failing_since").GetDateTime().ShouldBe(began.UtcDateTime);
        (await storage.DeliveriesAsync()).Single(d => d.Subject == last).State.ShouldBe("skipped");
        var calls = receiver.Calls.Count;
        await storage.SucceededAsync("more");
        await storage.SendAsync();
        receiver.Calls.Count.ShouldBe(calls);
    }

    [Fact]
    public async Task A_success_in_between_starts_the_five_days_anew()
    {
        await using var receiver = new WebhookReceiver(WebhookReceiver.Answers(500));
        await using var storage = await WithEventAsync(receiver.Url);
        var id = (await storage.DeliveriesAsync())[0].WebhookId!;
        await storage.SendAsync();
        (await storage.WebhookRowAsync(id)).FailingSince.ShouldNotBeNull();
        receiver.Script = WebhookReceiver.Answers(204);

        await storage.NextAttemptAsync();

        var row = await storage.WebhookRowAsync(id);
        (row.FailingSince, row.WarnedAt, row.Enabled).ShouldBe((null, null, true));
    }

    [Fact]
    public async Task An_endpoint_that_hangs_slows_no_other_and_is_left_alone_after_a_while()
    {
        await using var hanging = new WebhookReceiver(WebhookReceiver.Hangs());
        await using var well = new WebhookReceiver();
        await using var storage = await WebhookCalls.StartAsync(_folder);
        await storage.WebhookAsync(hanging.Url, "edit.started");
        await storage.WebhookAsync(well.Url, "edit.started");
        for (var i = 0; i < 12; i++)
            await storage.ClaimedAsync(await storage.SubmitAsync($"scene{i}"));
        var dispatcher = storage.Get<DeliveryDispatcher>();
        using var stop = new CancellationTokenSource();

        // As the service does: look, and look again when something was sent.
        for (var looks = 0; well.Calls.Count < 12 || hanging.Calls.Count < 4; looks++)
        {
            looks.ShouldBeLessThan(3000);
            if (await dispatcher.BeginAsync(stop.Token) == 0)
                await Task.Delay(20, Token);
        }

        (well.Calls.Count, hanging.Calls.Count).ShouldBe((12, 4));
        (await dispatcher.BeginAsync(stop.Token)).ShouldBe(0);
        await stop.CancelAsync();
        await Task.WhenAll(dispatcher.UnderWay);
        // What was cut off is not counted against the endpoint and goes again.
        (await storage.LogAsync()).ShouldAllBe(attempt => attempt.Status == 200);
        (await storage.DeliveriesAsync()).Count(d => d.State == "pending" && d.TakenBy == null && d.NextAttemptAt != null).ShouldBe(12);
    }

    [Fact]
    public async Task An_endpoint_that_only_fails_is_left_alone_and_then_tried_with_one_message()
    {
        var time = new FakeTimeProvider();
        var lane = new SendingLane(time, 4);
        var bad = new SendOutcome { Status = 500, Latency = TimeSpan.Zero };
        var good = new SendOutcome { Status = 200, Latency = TimeSpan.Zero };
        for (var i = 0; i < 5; i++)
        {
            lane.HasRoom.ShouldBeTrue();
            (await lane.SendAsync(_ => Task.FromResult(bad), Token)).ShouldBe(bad);
        }

        lane.HasRoom.ShouldBeFalse();
        (await lane.SendAsync(_ => Task.FromResult(good), Token)).ShouldBeNull();
        time.Advance(lane.Pause);
        lane.HasRoom.ShouldBeTrue();
        lane.Enter();
        lane.HasRoom.ShouldBeFalse();
        (await lane.SendAsync(_ => Task.FromResult(bad), Token)).ShouldBe(bad);
        lane.Pause.ShouldBeGreaterThan(TimeSpan.FromSeconds(30));
        time.Advance(lane.Pause);
        (await lane.SendAsync(_ => Task.FromResult(good), Token)).ShouldBe(good);
        lane.HasRoom.ShouldBeTrue();
        lane.Leave();
        lane.IsIdle.ShouldBeTrue();
    }

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("64:ff9b::a00:1")]
    public async Task A_name_that_resolves_to_an_inner_address_by_the_time_of_the_connection_is_not_connected_to(string address)
    {
        var asked = 0;
        await using var storage = await StorageUnderTest.StartAsync(_folder, add: services => services.AddSingleton<HostResolver>((_, _) =>
        {
            asked++;
            return Task.FromResult<IPAddress[]>([IPAddress.Parse(address)]);
        }));
        await storage.WebhookAsync("https://rebind.example/", "edit.started");
        await storage.ClaimedAsync(await storage.SubmitAsync());

        await storage.SendAsync();

        asked.ShouldBe(1);
        var attempt = (await storage.LogAsync()).ShouldHaveSingleItem();
        (attempt.Status, attempt.Error!.StartsWith("The target's address is not a public one", StringComparison.Ordinal)).ShouldBe((null, true), attempt.Error);
    }

    [Fact]
    public async Task Http_and_private_targets_are_no_longer_called_once_the_operator_forbids_them()
    {
        await using var receiver = new WebhookReceiver();
        await using (await WithEventAsync(receiver.Url))
        {
        }
        await using var storage = await StorageUnderTest.StartAsync(_folder);

        await storage.SendAsync();

        receiver.Calls.ShouldBeEmpty();
        (await storage.LogAsync()).ShouldHaveSingleItem().Error.ShouldBe("The URL has to begin with https://.");
    }

    [Fact]
    public void The_schedule_ends_and_its_gaps_are_jittered()
    {
        RetrySchedule.After(RetrySchedule.Gaps.Count + 1).ShouldBeNull();
        Enumerable.Range(0, 20).Select(_ => RetrySchedule.After(1)).Distinct().Count().ShouldBeGreaterThan(1);
        RetrySchedule.Gaps.Aggregate((a, b) => a + b).TotalHours.ToString("0.0", CultureInfo.InvariantCulture).ShouldBe("75.6");
    }

    // An endpoint with one message on its way.
    private async Task<StorageUnderTest> WithEventAsync(string url, params (string Key, string Value)[] settings)
    {
        var storage = await WebhookCalls.StartAsync(_folder, null, settings);
        await storage.WebhookAsync(url, "edit.started");
        await storage.ClaimedAsync(await storage.SubmitAsync());
        return storage;
    }

    private static async Task LateAsync(StorageUnderTest storage, WebhookReceiver receiver, int patience = 0)
    {
        var sending = storage.SendAsync();
        await receiver.ArrivedAsync(Token);
        await Task.Delay(patience, Token);
        storage.Time.Advance(TimeSpan.FromSeconds(15));
        await sending;
    }
}
