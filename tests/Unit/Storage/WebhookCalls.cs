using FlexEdit.Storage.Ledger;
using FlexEdit.Storage.Webhooks.Delivering;
using FlexEdit.Storage.Webhooks.Endpoints;
using FlexEdit.Storage.Webhooks.Events;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;

namespace FlexEdit.Tests.Unit.Storage;

/// <summary>What tests of webhooks do with a <see cref="StorageUnderTest"/>.</summary>
internal static class WebhookCalls
{
    public static Task<StorageUnderTest> StartAsync(TestFolder folder, FakeTimeProvider? time = null, params (string Key, string Value)[] settings) =>
        StorageUnderTest.StartAsync(folder, time, settings: [("Webhooks:AllowPrivateTargets", "true"), .. settings]);

    public static Task<WebhookView> WebhookAsync(this StorageUnderTest storage, string url, params string[] events) =>
        storage.Get<WebhookRegister>().CreateAsync(StorageUnderTest.Tenant, url, WebhookEvents.Filter(events), CancellationToken.None);

    public static Task<int> SendAsync(this StorageUnderTest storage) => storage.Get<DeliveryDispatcher>().SendDueAsync(CancellationToken.None);

    public static async Task<List<DeliveryRow>> DeliveriesAsync(this StorageUnderTest storage)
    {
        await using var ledger = await storage.OpenAsync();
        return await ledger.Deliveries.AsNoTracking().OrderBy(d => d.Id).ToListAsync();
    }

    public static async Task<WebhookRow> WebhookRowAsync(this StorageUnderTest storage, string id)
    {
        await using var ledger = await storage.OpenAsync();
        return await ledger.Webhooks.AsNoTracking().SingleAsync(w => w.Id == id);
    }

    public static async Task<List<DeliveryAttemptRow>> LogAsync(this StorageUnderTest storage)
    {
        await using var ledger = await storage.OpenAsync();
        return await ledger.DeliveryAttempts.AsNoTracking().OrderBy(a => a.DeliveryId).ThenBy(a => a.Number).ToListAsync();
    }

    /// <summary>Moves the time to the next attempt and makes it. Returns how long that was; null where none is to be made.</summary>
    public static async Task<TimeSpan?> NextAttemptAsync(this StorageUnderTest storage)
    {
        var due = (await storage.DeliveriesAsync()).Where(d => d.State == "pending").Min(d => d.NextAttemptAt);
        if (due is null)
            return null;
        var gap = TimeSpan.FromTicks(Math.Max(0, due.Value - storage.Time.GetUtcNow().UtcTicks));
        storage.Time.Advance(gap);
        await storage.SendAsync();
        return gap;
    }
}
