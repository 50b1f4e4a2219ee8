using System.Text.Json;
using FlexEdit.Masks;
using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Editing;
using FlexEdit.Models.Natives;
using FlexEdit.Training.Loop;
using FlexEdit.Training.World;
using TorchSharp;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace FlexEdit.Training.Editor;

/// <summary>
/// Stage 2: image encoder, adapter and denoising network on the canonical embeddings. Plain regression from pure noise first; other noise
/// levels join when shapes are there (see docs/training.md for why).
/// </summary>
public sealed class TrainEditor(TrainEditor.Settings settings, WorldCatalog catalog)
{
    /// <summary>Everything that can be set.</summary>
    public sealed record Settings
    {
        /// <summary>How the run goes.</summary>
        public required LoopSettings Loop { get; init; }
        /// <summary>Share of the run that sees pure noise only.</summary>
        public double RegressionShare { get; init; } = 0.6;
        /// <summary>Sizes, and what is left out of the adapter.</summary>
        public EditorConfig Config { get; init; } = TinyEditor.Config;
        /// <summary>Model folder to begin with; null begins with random weights.</summary>
        public string? From { get; init; }
        /// <summary>Model folder whose autoencoder is taken, so that its reading half serves this network too.</summary>
        public string? Beside { get; init; }
        /// <summary>Compute in bf16.</summary>
        public bool Bf16 { get; init; } = true;

        /// <summary>The run of this stage in a folder.</summary>
        public static LoopSettings In(string folder) => new() { Folder = folder, Name = "editor", Threads = 2 };

        /// <summary>Steps of warming up from a packed model, whose weights are warm: only the optimiser is not.</summary>
        public const int ShortWarmUp = 60;
    }

    private readonly EditRenderer renderer = new(catalog, TinyEditor.Side, seed: 20240822, EditMix.All, heldOut: false, TrainingMarks.Both);

    /// <summary>Runs the stage. Writes <c>editor.state.safetensors</c> (resume) and <c>editor.average.safetensors</c> (the averaged weights).</summary>
    public void Run()
    {
        TorchNatives.UseThreads(settings.Loop.Threads);
        random.manual_seed(1);
        Directory.CreateDirectory(settings.Loop.Folder);
        var config = settings.Config;
        File.WriteAllText(Path.Combine(settings.Loop.Folder, ModelFolder.Names.Editor), JsonSerializer.Serialize(config, EditorConfig.Json) + "\n");
        using var autoencoder = TinyAutoencoder.Of(settings.Loop.Folder, settings.From ?? settings.Beside, catalog);
        using var networks = new EditorNetworks(config, autoencoder);
        using var teacher = new EditTeacher(catalog, autoencoder, config.EmbeddingWidth);
        networks.ImageEncoder.Initialize();
        ZeroLast(networks);
        if (settings.From is not null)
            Console.WriteLine($"begins with {settings.From}; new are {string.Join(", ", WarmStart.Painting(ModelFolder.Open(settings.From), networks))}");
        var type = settings.Bf16 ? ScalarType.BFloat16 : ScalarType.Float32;
        foreach (var part in (nn.Module[])[networks.ImageEncoder, networks.Adapter, networks.Unet])
            part.to(type);
        using var objective = new DiffusionObjective(networks);
        var loop = new TrainingLoop<EditorBatch>(settings.Loop);
        var report = new EditorReport(catalog, settings.Loop, loop.Log);
        loop.Run(
            networks.named_parameters().Where(p => !p.name.StartsWith("vae.", StringComparison.Ordinal)).Select(p => (p.name, (Parameter)p.parameter)), Make,
            (made, _) =>
            {
                var data = made.ToTensors();
                var (loss, time, errors) = objective.Of(data, teacher.Forward(data.Ids), onlyNoise: loop.Progress <= settings.RegressionShare);
                report.Add(made, time, errors);
                return loss;
            },
            batch =>
            {
                StateDict.Save(networks, Path.Combine(settings.Loop.Folder, "editor.average.safetensors"), floatType: ScalarType.Float32);
                report.Sheet(networks, teacher, batch);
                return null;
            });
    }

    private EditorBatch Make(long number)
    {
        var chance = new SeededRandom(77, (ulong)number);
        var samples = Enumerable.Range(0, settings.Loop.Batch).Select(i => renderer.Render((number * settings.Loop.Batch) + i)).ToArray();
        var opaque = samples.Select(_ => chance.Chance(0.3)).ToArray();
        var without = samples.Select(_ => chance.Chance(0.12)).ToArray();
        return new EditorBatch(samples, catalog.Vocabulary, i => opaque[i], i => without[i], chance);
    }

    private static void ZeroLast(EditorNetworks networks)
    {
        using var noGrad = no_grad();
        foreach (var (name, parameter) in networks.Unet.named_parameters())
        {
            if (name is "conv_out.weight" or "conv_out.bias")
                parameter.zero_();
        }
    }
}
