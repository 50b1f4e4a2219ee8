using FlexEdit.Platform.Links;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FlexEdit.Platform.Predictions;

/// <summary>Registers what makes predictions.</summary>
public static class PredictionServices
{
    /// <summary>Adds <see cref="PredictionMaker"/>.</summary>
    public static IServiceCollection AddPredictions(this IServiceCollection services)
    {
        services.AddLinks();
        services.TryAddSingleton<PredictionMaker>();
        return services;
    }
}
