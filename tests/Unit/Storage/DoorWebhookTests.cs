using System.Text.Json;
using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Ledger;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Storage;

/// <summary>What is told of an edit that came in through Replicate's door.</summary>
public sealed class DoorWebhookTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Its_own_url_is_told_the_prediction_and_endpoints_the_job()
    {
        await using var own = new WebhookReceiver();
        await using var endpoint = new WebhookReceiver();
        await using var storage = await WebhookCalls.StartAsync(_folder);
        await storage.WebhookAsync(endpoint.Url);
        var door = new EditDoor { Name = EditDoor.Replicate, Server = "https://edit.example.org", Version = "0f", Webhook = own.Url, WebhookEvents = ["start", "completed"] };
        var request = await storage.RequestAsync() with { Webhook = own.Url, WebhookEvents = ["edit.started", "edit.succeeded"], Door = door };
        (await storage.SubmitAsync(request)).Refused.ShouldBeNull();
        await storage.UnderstandAsync(await storage.ClaimedAsync(request.EditId));
        await storage.GenerateAsync(await storage.ClaimedAsync(request.EditId, EditStage.Generating));

        await storage.SendAsync();

        endpoint.Calls.Select(call => call.Type).ShouldBe(["edit.started", "edit.succeeded"]);
        var told = own.Calls.Select(call => call.Json).ToArray();
        told.Select(prediction => prediction.GetProperty("status").GetString()).ShouldBe(["processing", "succeeded"]);
        var ended = told[1];
        (ended.GetProperty("id").GetString(), ended.GetProperty("version").GetString(), ended.GetProperty("webhook").GetString()).ShouldBe((request.EditId, "0f", own.Url));
        ended.GetProperty("webhook_events_filter").EnumerateArray().Select(name => name.GetString()).ShouldBe(["start", "completed"]);
        ended.GetProperty("output")[0].GetString().ShouldNotBeNull().ShouldStartWith($"https://edit.example.org/v1/predictions/{request.EditId}/outputs/0.png?token=");
        // Gateways read the same of it.
        var journal = (await storage.Get<IEditJournal>().ReadAsync(StorageUnderTest.Tenant, request.EditId, 0, TestContext.Current.CancellationToken)).ShouldNotBeNull();
        JsonSerializer.Serialize(journal.Door).ShouldBe(JsonSerializer.Serialize(door));
    }

    [Fact]
    public async Task A_filter_that_lets_nothing_through_tells_nothing()
    {
        await using var own = new WebhookReceiver();
        await using var storage = await WebhookCalls.StartAsync(_folder);
        var request = await storage.RequestAsync() with { Door = new EditDoor { Name = EditDoor.Replicate, Server = "https://edit.example.org", Webhook = own.Url, WebhookEvents = ["logs"] } };
        (await storage.SubmitAsync(request)).Refused.ShouldBeNull();
        await storage.CancelAsync(request.EditId);

        await storage.SendAsync();

        own.Calls.ShouldBeEmpty();
        (await storage.DeliveriesAsync()).ShouldBeEmpty();
    }
}
