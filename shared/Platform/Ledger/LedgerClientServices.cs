using FlexEdit.Contracts.Assets;
using FlexEdit.Contracts.Batches;
using FlexEdit.Contracts.Keys;
using FlexEdit.Contracts.Ledger;
using FlexEdit.Contracts.Tenants;
using FlexEdit.Platform.Hosting;
using FlexEdit.Platform.Internal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace FlexEdit.Platform.Ledger;

/// <summary>Registers the way to storage for services in other processes.</summary>
public static class LedgerClientServices
{
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Adds <see cref="IAttemptLedger"/> over internal HTTP (workers).</summary>
    public static IServiceCollection AddHttpAttemptLedger(this IServiceCollection services)
    {
        services.AddSettings<InternalOptions>(InternalOptions.Section);
        services.ReachStorage<IAttemptLedger, HttpAttemptLedger>();
        return services;
    }

    /// <summary>Adds <see cref="IEditJournal"/>, <see cref="IEditControl"/>, <see cref="IEditRecipes"/>, <see cref="IEditPages"/>, <see cref="IKeyRegister"/> and <see cref="ITenantQuota"/> over internal HTTP (gateways).</summary>
    public static IServiceCollection AddHttpEditJournal(this IServiceCollection services)
    {
        services.AddSettings<InternalOptions>(InternalOptions.Section);
        services.ReachStorage<IEditJournal, HttpEditJournal>();
        services.ReachStorage<IEditControl, HttpEditControl>();
        services.ReachStorage<IEditRecipes, HttpEditRecipes>();
        services.ReachStorage<IEditPages, HttpEditPages>();
        services.ReachStorage<IKeyRegister, HttpKeyRegister>();
        services.ReachStorage<ITenantQuota, HttpTenantQuota>();
        return services;
    }

    /// <summary>Adds <see cref="IAssetRegister"/> over internal HTTP (gateways).</summary>
    public static IServiceCollection AddHttpAssetRegister(this IServiceCollection services)
    {
        services.AddSettings<InternalOptions>(InternalOptions.Section);
        services.ReachStorage<IAssetRegister, HttpAssetRegister>();
        return services;
    }

    /// <summary>Adds <see cref="IKeyedRequests"/> over internal HTTP (gateways).</summary>
    public static IServiceCollection AddHttpKeyedRequests(this IServiceCollection services)
    {
        services.AddSettings<InternalOptions>(InternalOptions.Section);
        services.ReachStorage<IKeyedRequests, HttpKeyedRequests>();
        return services;
    }

    /// <summary>Adds <see cref="IBatchLedger"/> over internal HTTP (gateways).</summary>
    public static IServiceCollection AddHttpBatchLedger(this IServiceCollection services)
    {
        services.AddSettings<InternalOptions>(InternalOptions.Section);
        services.ReachStorage<IBatchLedger, HttpBatchLedger>();
        return services;
    }

    private static void ReachStorage<TContract, TClient>(this IServiceCollection services)
        where TContract : class
        where TClient : class, TContract
    {
        services.TryAddTransient<InternalTokenHandler>();
        services.AddHttpClient<TContract, TClient>(Reach).AddHttpMessageHandler<InternalTokenHandler>();
    }

    private static void Reach(IServiceProvider services, HttpClient client)
    {
        var options = services.GetRequiredService<IOptions<InternalOptions>>().Value;
        client.BaseAddress = options.StorageUrl
            ?? throw new StartupException("Set FLEXEDIT__Internal__StorageUrl to the address of the storage service, for instance http://storage:8080.");
        if (options.Tokens.Count == 0)
            throw new StartupException("Set FLEXEDIT__Internal__Token to the token that the storage service was given.");
        client.Timeout = CallTimeout;
    }
}
