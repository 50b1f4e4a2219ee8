using FlexEdit.Contracts.Assets;
using FlexEdit.Contracts.Batches;
using FlexEdit.Contracts.Ledger;
using FlexEdit.Contracts.Messages;
using FlexEdit.Gateway.Access;
using FlexEdit.Gateway.Assets;
using FlexEdit.Gateway.Batches;
using FlexEdit.Gateway.Decoding;
using FlexEdit.Gateway.Doors;
using FlexEdit.Gateway.Doors.OpenAi;
using FlexEdit.Gateway.Doors.Replicate;
using FlexEdit.Gateway.Edits.ApproveEdit;
using FlexEdit.Gateway.Edits.SubmitEdit;
using FlexEdit.Gateway.Edits.WatchEdit;
using FlexEdit.Gateway.Limits;
using FlexEdit.Gateway.Masks;
using FlexEdit.Gateway.Models;
using FlexEdit.Gateway.Pictures;
using FlexEdit.Gateway.Proxy;
using FlexEdit.Gateway.Reference;
using FlexEdit.Gateway.Studio;
using FlexEdit.Gateway.Uploads;
using FlexEdit.Platform.Bus;
using FlexEdit.Platform.Children;
using FlexEdit.Platform.Health;
using FlexEdit.Platform.Hosting;
using FlexEdit.Platform.Ledger;
using FlexEdit.Platform.Models;
using FlexEdit.Platform.Objects;
using FlexEdit.Platform.Problems;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace FlexEdit.Gateway.Hosting;

/// <summary>Composes the gateway.</summary>
public static class GatewayServices
{
    /// <summary>
    /// Adds the public API. Call it before the bus is composed, and after storage where storage runs in the same process: without
    /// an <see cref="IEditJournal"/> of this process, storage is reached over HTTP (<c>FLEXEDIT__Internal__StorageUrl</c>).
    /// </summary>
    public static WebApplicationBuilder AddGateway(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSettings<GatewayOptions>(GatewayOptions.Section);
        services.AddSettings<DecodeOptions>(DecodeOptions.Section);
        services.AddObjectStore();
        services.AddModelCatalog();
        if (!services.Any(service => service.ServiceType == typeof(IEditJournal)))
        {
            services.AddHttpEditJournal().AddStorageProxy();
            services.PostConfigure<GatewayOptions>(gateway => gateway.IsAlone = true);
        }
        if (!services.Any(service => service.ServiceType == typeof(IAssetRegister)))
            services.AddHttpAssetRegister();
        if (!services.Any(service => service.ServiceType == typeof(IBatchLedger)))
            services.AddHttpBatchLedger();
        if (!services.Any(service => service.ServiceType == typeof(IKeyedRequests)))
            services.AddHttpKeyedRequests();
        services.AddHealthChecks().AddCheck<JournalHealth>("storage", tags: [HealthTags.Ready]);

        services.AddCors();
        services.AddSingleton<KeyAccess>();
        services.AddSingleton<RequestLimiter>();
        services.AddSingleton<OfferedModels>();
        services.AddSingleton<UploadRoom>();
        services.TryAddSingleton(ChildCommand.OfThisProcess());
        services.AddSingleton<DecodePool>();
        services.AddHostedService(provider => provider.GetRequiredService<DecodePool>());
        services.AddHostedService<AnonymousAccess>();
        services.AddSingleton<EditFeed>();
        services.AddSingleton<SharedLogs>();
        services.AddSingleton<FetchPicture>();
        services.AddSingleton<FindPictures>();
        services.AddSingleton<PictureIntake>();
        services.AddSingleton<EditPictures>();
        services.AddSingleton<UploadAsset>();
        services.AddSingleton<InspectMask>();
        services.AddSingleton<SubmitBatch>();
        services.AddSingleton<BatchSignal>();
        services.AddSingleton<BatchBodies>();
        services.AddHostedService<BatchRunner>();
        services.AddSingleton<KeysUnderWay>();
        services.AddScoped<EditOutcome>();
        services.AddScoped(typeof(AskStorage<,>));
        services.AddScoped<ReplayEdit>();
        services.AddScoped<TakeInEdit>();
        services.AddScoped<SubmitRoute>();
        services.AddScoped<ApproveRoute>();
        services.AddScoped<ServeEvents>();
        services.AddScoped<WatchRoute>();
        services.AddOpenAiDoor();
        services.AddReplicateDoor();
        services.AddSingleton<StudioFiles>();
        services.AddBusConsumers(bus =>
        {
            bus.AddRequestClient<SubmitEdit>(BusEndpoints.AddressOf(BusEndpoints.Submit));
            bus.AddRequestClient<ApproveEdit>(BusEndpoints.AddressOf(BusEndpoints.Approve));
            bus.AddFanOutConsumer<GatewayChangeConsumer>();
            bus.AddFanOutConsumer<GatewayProgressConsumer>();
        });
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<GatewayOptions>>(
            static (kestrel, gateway) => kestrel.Limits.MaxRequestBodySize = gateway.Value.BodyBytes);
        return builder;
    }

    /// <summary>
    /// Puts the gateway's middleware in front of everything and maps its routes, health included. Storage's reads are mapped
    /// beside it where it runs in the same process; else they are proxied.
    /// </summary>
    public static WebApplication MapGateway(this WebApplication app)
    {
        app.UseSecurityHeaders();
        app.UseProblems();
        app.UseCrossOrigin();
        app.UseDoorProblems();
        app.UseMiddleware<TenantMiddleware>();
        app.UseMiddleware<RequestLimitMiddleware>();

        app.MapPost("/v1/edits", static (HttpContext context, SubmitRoute route) => route.HandleAsync(context)).DisableAntiforgery();
        app.MapPost("/v1/edits/{id}/approve", static (HttpContext context, string id, ApproveRoute route) => route.HandleAsync(context, id)).DisableAntiforgery();
        app.MapGet("/v1/edits/{id}/events", static (HttpContext context, string id, WatchRoute route) => route.HandleAsync(context, id));
        app.MapOpenAiDoor();
        app.MapReplicateDoor();
        app.MapPost("/v1/assets", static (HttpContext context, UploadAsset route) => route.HandleAsync(context)).DisableAntiforgery();
        app.MapPost("/v1/masks:inspect", static (HttpContext context, InspectMask route) => route.HandleAsync(context)).DisableAntiforgery();
        app.MapPost("/v1/batches", static (HttpContext context, SubmitBatch route) => route.HandleAsync(context)).DisableAntiforgery();
        app.MapModels();
        app.MapLimits();
        app.MapFlexEditHealth();
        app.MapStudio();
        app.MapReference();
        if (app.Services.GetService<StorageProxy>() is { } storage)
            storage.Map(app);
        return app;
    }
}
