using FlexEdit.Platform.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FlexEdit.Platform.Models;

/// <summary>Registers the models of this machine.</summary>
public static class ModelServices
{
    /// <summary>Adds <see cref="ModelCatalog"/>. May be called by every service of a process; counts once.</summary>
    public static IServiceCollection AddModelCatalog(this IServiceCollection services)
    {
        services.TryAddSingleton<ModelCatalog>();
        services.AddSettings<ModelOptions>(ModelOptions.Section);
        return services;
    }
}
