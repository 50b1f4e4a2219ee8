using FlexEdit.Contracts.Assets;
using FlexEdit.Contracts.Batches;
using FlexEdit.Contracts.Keys;
using FlexEdit.Contracts.Ledger;
using FlexEdit.Contracts.Tenants;
using FlexEdit.Platform.Hosting;
using FlexEdit.Platform.Internal;
using Microsoft.Extensions.DependencyInjection;
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
        services.AddHttpClient<IAttemptLedger, HttpAttemptLedger>(ReachStorage);
        return services;
    }

    /// <summary>Adds <see cref="IEditJournal"/>, <see cref="IEditControl"/>, <see cref="IEditRecipes"/>, <see cref="IKeyRegister"/> and <see cref="ITenantQuota"/> over internal HTTP (gateways).</summary>
    public static IServiceCollection AddHttpEditJournal(this IServiceCollection services)
    {
        services.AddSettings<InternalOptions>(InternalOptions.Section);
        services.AddHttpClient<IEditJournal, HttpEditJournal>(ReachStorage);
        services.AddHttpClient<IEditControl, HttpEditControl>(ReachStorage);
        services.AddHttpClient<IEditRecipes, HttpEditRecipes>(ReachStorage);
        services.AddHttpClient<IKeyRegister, HttpKeyRegister>(ReachStorage);
        services.AddHttpClient<ITenantQuota, HttpTenantQuota>(ReachStorage);
        return services;
    }

    /// <summary>Adds <see cref="IAssetRegister"/> over internal HTTP (gateways).</summary>
    public static IServiceCollection AddHttpAssetRegister(this IServiceCollection services)
    {
        services.AddSettings<InternalOptions>(InternalOptions.Section);
        services.AddHttpClient<IAssetRegister, HttpAssetRegister>(ReachStorage);
        return services;
    }

    /// <summary>Adds <see cref="IKeyedRequests"/> over internal HTTP (gateways).</summary>
    public static IServiceCollection AddHttpKeyedRequests(this IServiceCollection services)
    {
        services.AddSettings<InternalOptions>(InternalOptions.Section);
        services.AddHttpClient<IKeyedRequests, HttpKeyedRequests>(ReachStorage);
        return services;
    }

    /// <summary>Adds <see cref="IBatchLedger"/> over internal HTTP (gateways).</summary>
    public static IServiceCollection AddHttpBatchLedger(this IServiceCollection services)
    {
        services.AddSettings<InternalOptions>(InternalOptions.Section);
        services.AddHttpClient<IBatchLedger, HttpBatchLedger>(ReachStorage);
        return services;
    }

    private static void ReachStorage(IServiceProvider services, HttpClient client)
    {
        var options = services.GetRequiredService<IOptions<InternalOptions>>().Value;
        client.BaseAddress = options.StorageUrl
            ?? throw new StartupException("Set FLEXEDIT__Internal__StorageUrl to the address of the storage service, for instance http://storage:8080.");
        client.DefaultRequestHeaders.Add(InternalTrust.TokenHeader, options.Token
            ?? throw new StartupException("Set FLEXEDIT__Internal__Token to the token that the storage service was given."));
        client.Timeout = CallTimeout;
    }
}
