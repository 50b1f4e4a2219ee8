using FlexEdit.Contracts.Assets;
using FlexEdit.Contracts.Batches;
using FlexEdit.Contracts.Ledger;
using FlexEdit.Platform.Bus;
using FlexEdit.Platform.Hosting;
using FlexEdit.Platform.Internal;
using FlexEdit.Platform.Objects;
using FlexEdit.Platform.Predictions;
using FlexEdit.Platform.Telemetry;
using FlexEdit.Storage.Assets;
using FlexEdit.Storage.Attempts;
using FlexEdit.Storage.Batches;
using FlexEdit.Storage.Edits;
using FlexEdit.Storage.Keys;
using FlexEdit.Storage.Ledger;
using FlexEdit.Storage.Outbox;
using FlexEdit.Storage.Reads;
using FlexEdit.Storage.Releasing;
using FlexEdit.Storage.Sweeping;
using FlexEdit.Storage.Telemetry;
using FlexEdit.Storage.Tenants;
using FlexEdit.Storage.Usage;
using FlexEdit.Storage.Webhooks.Endpoints;
using FlexEdit.Storage.Webhooks.Hosting;
using MassTransit;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FlexEdit.Storage.Hosting;

/// <summary>Composes the storage service.</summary>
public static class StorageServices
{
    /// <summary>
    /// Adds the ledger, its outbox and sweeper, the reads, and <see cref="IAttemptLedger"/>, <see cref="IEditJournal"/>, <see cref="IEditPages"/>, <see cref="IEditControl"/>
    /// and <see cref="IEditRecipes"/> for services of the same process. Call it before the bus is composed.
    /// </summary>
    public static WebApplicationBuilder AddStorage(this WebApplicationBuilder builder)
    {
        builder.Services.AddStorage();
        return builder;
    }

    /// <summary>Maps the reads and cancels of the public API and the internal ledger. Needs a tenant on every request to <c>/v1</c>.</summary>
    public static void MapStorage(this IEndpointRouteBuilder routes)
    {
        routes.MapEdits();
        routes.MapPictures();
        routes.MapAttempts();
        routes.MapKeys();
        routes.MapWebhooks();
        routes.MapTenants();
        routes.MapUsage();
        routes.MapAssets();
        routes.MapBatches();
        routes.MapKeyedRequests();
    }

    internal static void AddStorage(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSettings<StorageOptions>(StorageOptions.Section);
        services.AddSettings<InternalOptions>(InternalOptions.Section);
        services.AddObjectStore();
        services.AddLedger();
        services.AddPredictions();
        services.AddWebhooks();
        services.AddSettings<TelemetryOptions>(TelemetryOptions.Section);
        services.AddSingleton<OutstandingWork>();
        services.AddSingleton(new TelemetryPage(OutstandingPage.Path, OutstandingPage.AnswerAsync));
        services.AddSingleton<LedgerGauges>();
        services.AddHostedService(provider => provider.GetRequiredService<LedgerGauges>());
        services.AddTenants();
        services.AddUsage();

        services.AddSingleton<SubmitEditHandler>();
        services.AddSingleton<ApproveEditHandler>();
        services.AddSingleton<CancelEditHandler>();
        services.AddSingleton<IEditControl>(provider => provider.GetRequiredService<CancelEditHandler>());
        services.AddSingleton<RemoveEditHandler>();
        services.AddSingleton<AssetRegister>();
        services.AddSingleton<IAssetRegister>(provider => provider.GetRequiredService<AssetRegister>());
        services.AddSingleton<BatchReader>();
        services.AddSingleton<BatchResults>();
        services.AddSingleton<BatchUpkeep>();
        services.AddSingleton<IBatchLedger, BatchLedger>();
        services.AddSingleton<IAttemptLedger, AttemptLedger>();
        services.AddSingleton<ProgressBoard>();
        services.AddSingleton<EstimateCheck>();
        services.AddSingleton<QueueEstimate>();
        services.AddSingleton<JobViews>();
        services.AddSingleton<EditReader>();
        services.AddSingleton<EditJournalReader>();
        services.AddSingleton<IEditJournal>(provider => provider.GetRequiredService<EditJournalReader>());
        services.AddSingleton<IEditPages>(provider => provider.GetRequiredService<EditJournalReader>());
        services.AddSingleton<IEditRecipes, EditManifests>();
        services.AddSingleton<IKeyedRequests, KeyedRequests>();

        services.AddSingleton<ReleaseHeld>();
        services.AddHostedService<Releaser>();
        services.AddSingleton<SweepLedger>();
        services.AddSingleton<RetainData>();
        services.AddHostedService<Sweeper>();
        services.AddHostedService<NewsTeller>();
        services.AddSingleton<OutboxDispatcher>();
        services.AddHostedService(provider => provider.GetRequiredService<OutboxDispatcher>());

        services.AddBusConsumers(bus =>
        {
            bus.AddConsumer<SubmitEditConsumer, SubmitEditConsumerDefinition>();
            bus.AddConsumer<ApproveEditConsumer, ApproveEditConsumerDefinition>();
            bus.AddConsumer<DeadLetterConsumer, DeadLetterConsumerDefinition>();
            bus.AddFanOutConsumer<StorageProgressConsumer>();
            bus.AddFanOutConsumer<StorageChangeConsumer>();
        });
    }
}
