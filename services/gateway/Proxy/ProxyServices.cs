namespace FlexEdit.Gateway.Proxy;

/// <summary>Registers the way to storage's reads.</summary>
internal static class ProxyServices
{
    /// <summary>Adds <see cref="StorageProxy"/>; its presence makes the gateway map it.</summary>
    public static IServiceCollection AddStorageProxy(this IServiceCollection services)
    {
        services.AddHttpForwarder();
        return services.AddSingleton<StorageProxy>();
    }
}
