using FlexEdit.Platform.Children;
using FlexEdit.Platform.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FlexEdit.Screening.Hosting;

/// <summary>Composes the screening of pictures.</summary>
public static class ScreeningServices
{
    /// <summary>Adds <see cref="ContentScreen"/>, once a process: workers in one process share a classifier.</summary>
    public static IServiceCollection AddContentScreening(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(ContentScreen)))
            return services;
        services.AddSettings<ContentOptions>(ContentOptions.Section);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(ChildCommand.OfThisProcess());
        services.AddSingleton<ClassifierProcess>();
        services.AddSingleton(static provider => new ContentScreen(
            provider.GetRequiredService<IOptions<ContentOptions>>(), provider.GetRequiredService<ClassifierProcess>(), provider.GetRequiredService<ILogger<ContentScreen>>()));
        services.AddHostedService(static provider => provider.GetRequiredService<ContentScreen>());
        return services;
    }
}
