using FlexEdit.Contracts.Models;
using FlexEdit.Platform.Health;
using FlexEdit.Platform.Models;
using Microsoft.Extensions.DependencyInjection;

namespace FlexEdit.Platform.Engines;

/// <summary>Registers the engines of a service.</summary>
public static class EngineServices
{
    /// <summary>Adds <see cref="ModelEngines{TEngine}"/>, loads the default model at the start and makes readiness wait for it.</summary>
    /// <param name="services">The process's services.</param>
    /// <param name="name">Name of the readiness check.</param>
    /// <param name="start">Starts the engine of a model from its card and folder; must not wait for the weights.</param>
    public static IServiceCollection AddModelEngines<TEngine>(
        this IServiceCollection services, string name, Func<IServiceProvider, ModelCard, string, TEngine> start)
        where TEngine : class, IModelEngine
    {
        services.AddModelCatalog();
        services.AddSingleton(provider => new ModelEngines<TEngine>(
            provider.GetRequiredService<ModelCatalog>(), (card, folder) => start(provider, card, folder)));
        services.AddHostedService<EngineHost<TEngine>>();
        services.AddHealthChecks().AddCheck<EngineHealth<TEngine>>(name, tags: [HealthTags.Ready]);
        return services;
    }
}
