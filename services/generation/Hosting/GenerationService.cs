using FlexEdit.Generation.Edits;
using FlexEdit.Generation.Engine;
using FlexEdit.Models.Editing;
using FlexEdit.Models.Methods;
using FlexEdit.Models.Natives;
using FlexEdit.Platform.Attempts;
using FlexEdit.Platform.Bus;
using FlexEdit.Platform.Engines;
using FlexEdit.Platform.Hosting;
using FlexEdit.Platform.Models;
using FlexEdit.Platform.Objects;
using FlexEdit.Screening;
using FlexEdit.Screening.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace FlexEdit.Generation.Hosting;

/// <summary>Composes the generation service.</summary>
public static class GenerationService
{
    /// <summary>Adds the service to a process. The ledger (<see cref="Contracts.Ledger.IAttemptLedger"/>) and the bus are added by who composes the process.</summary>
    public static WebApplicationBuilder AddGeneration(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddObjectStore();
        services.AddAttempts();
        services.AddContentScreening();
        services.AddSettings<GenerationOptions>(GenerationOptions.Section);
        services.TryAddSingleton<Func<string, IEditModel>>(static provider => folder =>
        {
            TorchNatives.UseThreads();
            var options = provider.GetRequiredService<IOptions<ModelOptions>>().Value;
            return EditMethods.LoadEditModel(folder, new Placement(options.Device, options.Dtype));
        });
        services.AddModelEngines("generation_model", static (provider, card, folder) =>
        {
            var options = provider.GetRequiredService<IOptions<GenerationOptions>>().Value;
            Func<IEditModel> load = () => provider.GetRequiredService<Func<string, IEditModel>>()(folder);
            if (options.Engine == SimulationOptions.Simulated)
            {
                Simulation.CheckModel(card.Id, GenerationOptions.Section);
                load = () =>
                {
                    // Embeddings travel as tensors, whoever made them.
                    TorchNatives.EnsureLoaded();
                    return new SimulatedEditModel(card.Resolution, new Simulation(options.Simulation));
                };
            }
            return new GenerationEngine(
                card.Id,
                load,
                options.Slots,
                // What nobody may see is not decoded.
                provider.GetRequiredService<ContentScreen>().WithholdsPreviews ? 0 : options.PreviewEvery,
                provider.GetRequiredService<TimeProvider>());
        });
        services.AddSingleton<FetchEdit>();
        services.AddSingleton<StoreOutput>();
        services.AddSingleton<GenerateEdits>();
        services.AddCommandConsumer<GenerateEditConsumer>(
            BusEndpoints.Generate, static provider => provider.GetRequiredService<IOptions<GenerationOptions>>().Value.Slots);
        return builder;
    }
}
