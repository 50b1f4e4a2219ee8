using FlexEdit.Contracts.Keys;
using FlexEdit.Contracts.Tenants;
using FlexEdit.Platform.Hosting;
using FlexEdit.Storage.Keys;

namespace FlexEdit.Storage.Tenants;

/// <summary>Registers what is about tenants: limits, keys, erasure.</summary>
internal static class TenantServices
{
    public static void AddTenants(this IServiceCollection services)
    {
        services.AddSettings<TenantLimitOptions>(TenantLimitOptions.Section);
        services.AddSingleton<TenantRegister>();
        services.AddSingleton<ITenantQuota, RequestQuota>();
        services.AddSingleton<EditsInFlight>();
        services.AddSingleton<EraseTenant>();
        services.AddSingleton<KeyRegister>();
        services.AddSingleton<IKeyRegister>(provider => provider.GetRequiredService<KeyRegister>());
    }
}
