namespace FlexEdit.Storage.Usage;

/// <summary>Registers the usage of tenants.</summary>
internal static class UsageServices
{
    public static void AddUsage(this IServiceCollection services)
    {
        services.AddSingleton<UsageReader>();
        services.AddSingleton<FoldUsage>();
    }
}
