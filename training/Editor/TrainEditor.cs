using System.Text.Json;
using FlexEdit.Masks;
using FlexEdit.Models.Autoencoders;
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
        /// <summary>Compute in bf16.</summary>
        public bool Bf16 { get; init; } = true;

        /// <summary>The run of this stage in a folder.</summary>
        public static LoopSettings In(string folder) => new() { Folder = folder, Name = "editor", Threads = 2 };
    }

    private readonly EditRenderer renderer = new(catalog, TinyEditor.Side, seed: 20240822, EditMix.All, heldOut: false);

    /// <summary>Runs the stage. Writes <c>editor.state.safetensors</c> (resume) and <c>editor.average.safetensors</c> (the averaged weights).</summary>
    public void Run()
    {
        TorchNatives.UseThreads(settings.Loop.Threads);
        random.manual_seed(1);
        Directory.CreateDirectory(settings.Loop.Folder);
        var config = settings.Config;
        File.WriteAllText(Path.Combine(settings.Loop.Folder, ModelFolder.Names.Editor), JsonSerializer.Serialize(config, EditorConfig.Json) + "\n");
        using var autoencoder = LinearCode(config);
        using var networks = new EditorNetworks(config, autoencoder);
        using var teacher = new EditTeacher(catalog.Vocabulary, config.EmbeddingWidth);
        foreach (var frozen in autoencoder.parameters())
            frozen.requires_grad = false;
        networks.ImageEncoder.Initialize();
        ZeroLast(networks);
        var type = settings.Bf16 ? ScalarType.BFloat16 : ScalarType.Float32;
        foreach (var part in (nn.Module[])[networks.ImageEncoder, networks.Adapter, networks.Unet])
            part.to(type);
        using var objective = new DiffusionObjective(networks);
        var loop = new TrainingLoop<EditorBatch>(settings.Loop);
        var report = new EditorReport(catalog, settings.Loop, loop.Log);
        loop.Run(
            Named(networks, teacher), Make,
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
                StateDict.Save(teacher, Path.Combine(settings.Loop.Folder, "teacher.average.safetensors"), floatType: ScalarType.Float32);
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
        return new EditorBatch(samples, catalog.Vocabulary, i => opaque[i], i => without[i]);
    }

    private PatchAutoencoder LinearCode(EditorConfig config)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var batches = Enumerable.Range(0, 60).Select(b => CropTensors.FromRgb([.. Enumerable.Range(0, 8).Select(i => renderer.Render(1_000_000_000 + (b * 8) + i).Target)], TinyEditor.Side));
        var code = PatchAutoencoder.FitLinearCode(batches, config.Autoencoder.LatentChannels);
        Console.WriteLine($"linear code: {code.ExpectedPsnr:F1} dB with {code.Channels} channels");
        var autoencoder = PatchAutoencoder.FromLinearCode(code, config.Autoencoder);
        StateDict.Save(autoencoder, Path.Combine(settings.Loop.Folder, "vae.linear.safetensors"));
        return autoencoder;
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

    private static IEnumerable<(string, Parameter)> Named(EditorNetworks networks, EditTeacher teacher) =>
        networks.named_parameters().Where(p => !p.name.StartsWith("vae.", StringComparison.Ordinal)).Concat(teacher.named_parameters()).Select(p => (p.name, p.parameter));
}
