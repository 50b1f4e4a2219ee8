using FlexEdit.Platform.Hosting;
using FlexEdit.Platform.Objects.S3;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace FlexEdit.Platform.Objects;

/// <summary>Registers the object store.</summary>
public static class ObjectStoreServices
{
    /// <summary>Adds <see cref="IObjectStore"/> and its readiness check. May be called by every service of a process; counts once.</summary>
    public static IServiceCollection AddObjectStore(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(IObjectStore)))
            return services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSettings<ObjectStoreOptions>(ObjectStoreOptions.Section);
        services.AddSingleton<IObjectStore>(static provider =>
            provider.GetRequiredService<IOptions<ObjectStoreOptions>>().Value.Store == ObjectStoreOptions.InS3
                ? ActivatorUtilities.CreateInstance<S3ObjectStore>(provider)
                : ActivatorUtilities.CreateInstance<FolderObjectStore>(provider));
        services.AddHealthChecks().AddCheck<ObjectStoreHealth>("objects", tags: [Health.HealthTags.Ready]);
        return services;
    }
}
