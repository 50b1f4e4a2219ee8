using FlexEdit.Models.Editing;
using FlexEdit.Models.Methods;
using FlexEdit.Models.Natives;
using FlexEdit.Platform.Attempts;
using FlexEdit.Platform.Bus;
using FlexEdit.Platform.Engines;
using FlexEdit.Platform.Hosting;
using FlexEdit.Platform.Models;
using FlexEdit.Platform.Objects;
using FlexEdit.Screening.Hosting;
using FlexEdit.Understanding.Edits;
using FlexEdit.Understanding.Engine;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace FlexEdit.Understanding.Hosting;

/// <summary>Composes the understanding service.</summary>
public static class UnderstandingService
{
    /// <summary>Adds the service to a process. The ledger (<see cref="Contracts.Ledger.IAttemptLedger"/>) and the bus are added by who composes the process.</summary>
    public static WebApplicationBuilder AddUnderstanding(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddObjectStore();
        services.AddAttempts();
        services.AddContentScreening();
        services.AddSettings<UnderstandingOptions>(UnderstandingOptions.Section);
        services.TryAddSingleton<Func<string, IUnderstandingModel>>(static provider => folder =>
        {
            TorchNatives.UseThreads();
            var options = provider.GetRequiredService<IOptions<ModelOptions>>().Value;
            return EditMethods.LoadUnderstanding(folder, new Placement(options.Device, options.Dtype));
        });
        services.AddModelEngines("understanding_model", static (provider, card, folder) =>
        {
            var options = provider.GetRequiredService<IOptions<UnderstandingOptions>>().Value;
            Func<IUnderstandingModel> load = () => provider.GetRequiredService<Func<string, IUnderstandingModel>>()(folder);
            if (options.Engine == SimulationOptions.Simulated)
            {
                Simulation.CheckModel(card.Id, UnderstandingOptions.Section);
                load = () =>
                {
                    // Embeddings travel as tensors, whoever made them.
                    TorchNatives.EnsureLoaded();
                    return new SimulatedUnderstanding(card.Resolution, new Simulation(options.Simulation));
                };
            }
            return new UnderstandingEngine(card.Id, load, options.Slots, provider.GetRequiredService<TimeProvider>());
        });
        services.AddSingleton(static provider => new UnderstandingMemory(provider.GetRequiredService<IOptions<UnderstandingOptions>>().Value.MemoryEntries));
        services.AddSingleton<UnderstandEdits>();
        services.AddCommandConsumer<UnderstandEditConsumer>(
            BusEndpoints.Understand, static provider => provider.GetRequiredService<IOptions<UnderstandingOptions>>().Value.Slots);
        return builder;
    }
}
