using FlexEdit.Platform.Hosting;
using FlexEdit.Storage.Webhooks.Delivering;
using FlexEdit.Storage.Webhooks.Endpoints;
using FlexEdit.Storage.Webhooks.Events;

namespace FlexEdit.Storage.Webhooks.Hosting;

/// <summary>Registers webhooks.</summary>
internal static class WebhookServices
{
    public static void AddWebhooks(this IServiceCollection services)
    {
        services.AddSettings<WebhookOptions>(WebhookOptions.Section);
        services.AddSingleton<PostEvents>();
        services.AddSingleton<DeliverySignal>();
        services.AddSingleton<SendingLanes>();
        services.AddSingleton<SigningKeys>();
        services.AddSingleton<WebhookSender>();
        services.AddSingleton<EndpointHealth>();
        services.AddSingleton<RecordAttempt>();
        services.AddSingleton<LoadOutgoing>();
        services.AddSingleton<DeliveryMetrics>();
        services.AddSingleton<DeliveryUpkeep>();
        services.AddSingleton<DeliveryDispatcher>();
        services.AddHostedService(provider => provider.GetRequiredService<DeliveryDispatcher>());
        services.AddSingleton<WebhookRegister>();
        services.AddSingleton<WebhookSecrets>();
        services.AddSingleton<DeliveryReader>();
        services.AddSingleton<ReplayDeliveries>();
        services.AddSingleton<TestWebhook>();
    }
}
