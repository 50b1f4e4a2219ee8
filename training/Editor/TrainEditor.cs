using System.Diagnostics;
using FlexEdit.Masks;
using FlexEdit.Models.Autoencoders;
using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Editing;
using FlexEdit.Models.Natives;
using FlexEdit.Training.Data;
using FlexEdit.Training.Optimisation;
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
        /// <summary>Folder of checkpoints and reports.</summary>
        public required string Folder { get; init; }
        /// <summary>How long to train.</summary>
        public required double Minutes { get; init; }
        /// <summary>Examples a step.</summary>
        public int Batch { get; init; } = 16;
        /// <summary>Highest learning rate.</summary>
        public double Rate { get; init; } = 6e-4;
        /// <summary>Share of the run that sees pure noise only.</summary>
        public double RegressionShare { get; init; } = 0.6;
        /// <summary>Compute threads.</summary>
        public int Threads { get; init; } = 2;
        /// <summary>Minutes between checkpoints.</summary>
        public double CheckpointMinutes { get; init; } = 8;
        /// <summary>Go on from the last checkpoint.</summary>
        public bool Resume { get; init; }
        /// <summary>Compute in bf16.</summary>
        public bool Bf16 { get; init; } = true;
    }

    private readonly EditRenderer renderer = new(catalog, TinyEditor.Side, seed: 20240822, EditMix.All, heldOut: false);

    /// <summary>Runs the stage. Writes <c>editor.state.safetensors</c> (resume) and <c>editor.average.safetensors</c> (the averaged weights).</summary>
    public void Run()
    {
        TorchNatives.UseThreads(settings.Threads);
        random.manual_seed(1);
        Directory.CreateDirectory(settings.Folder);
        var config = TinyEditor.Config;
        using var autoencoder = LinearCode(config);
        var (channelWeights, restore) = Scales(autoencoder);
        using var networks = new EditorNetworks(config, autoencoder);
        using var teacher = new EditTeacher(catalog.Vocabulary, config.EmbeddingWidth);
        foreach (var frozen in autoencoder.parameters())
            frozen.requires_grad = false;
        networks.ImageEncoder.Initialize();
        ZeroLast(networks);
        var type = settings.Bf16 ? ScalarType.BFloat16 : ScalarType.Float32;
        foreach (var part in (nn.Module[])[networks.ImageEncoder, networks.Adapter, networks.Unet])
            part.to(type);
        using var optimiser = new FlatAdamW(Named(networks, teacher), emaDecay: 0.998);
        var statePath = Path.Combine(settings.Folder, "editor.state.safetensors");
        var batch = settings.Resume && File.Exists(statePath) ? optimiser.Load(statePath) : 0;
        Console.WriteLine($"editor: {optimiser.Count / 1e6:F1} M weights, {type}, batch {settings.Batch}, from batch {batch}");

        using var batches = new Prefetch<EditorBatch>(Make, batch, ahead: 4);
        var rate = new LearningRate(settings.Rate, WarmUp: 300);
        var report = new EditorReport(catalog, settings.Folder);
        var clock = Stopwatch.StartNew();
        var nextCheckpoint = settings.CheckpointMinutes;
        while (clock.Elapsed.TotalMinutes < settings.Minutes)
        {
            var progress = clock.Elapsed.TotalMinutes / settings.Minutes;
            using (NewDisposeScope())
            {
                var made = batches.Take();
                var (loss, time, errors) = Loss(networks, teacher, made, progress, channelWeights, restore);
                loss.backward();
                var norm = optimiser.Step(rate.At(optimiser.Steps, progress));
                report.Add(made, loss.item<float>(), norm, time, errors);
            }
            batch++;
            if (batch % 100 == 0)
                report.Line(batch, batch * settings.Batch, clock.Elapsed);
            if (clock.Elapsed.TotalMinutes < nextCheckpoint)
                continue;
            nextCheckpoint += settings.CheckpointMinutes;
            Checkpoint(networks, teacher, optimiser, statePath, batch, report);
        }
        Checkpoint(networks, teacher, optimiser, statePath, batch, report);
    }

    private EditorBatch Make(long number)
    {
        var chance = new SeededRandom(77, (ulong)number);
        var samples = Enumerable.Range(0, settings.Batch).Select(i => renderer.Render((number * settings.Batch) + i)).ToArray();
        var opaque = samples.Select(_ => chance.Chance(0.3)).ToArray();
        var without = samples.Select(_ => chance.Chance(0.12)).ToArray();
        return new EditorBatch(samples, catalog.Vocabulary, i => opaque[i], i => without[i]);
    }

    private (Tensor Loss, float[] Time, float[] Errors) Loss(EditorNetworks networks, EditTeacher teacher, EditorBatch made, double progress, Tensor channelWeights, Tensor restore)
    {
        var data = made.ToTensors();
        var count = made.Samples.Count;
        Tensor scene, clean, collage, weights, region, keepScene, keepText, time, noisy;
        using (no_grad())
        {
            scene = networks.Autoencoder.Encode(data.Scene);
            clean = networks.Autoencoder.Encode(data.Target);
            collage = (networks.Autoencoder.Encode(data.Collage) - scene) * data.HasCollage;
            (weights, region) = EditorLoss.Weigh(data.Scene, data.Target);
            // Dropping conditions teaches the branches that guidance needs (Brooks et al. 2023, section 3.2.1).
            var draw = rand(count);
            keepText = draw.ge(0.05f).to(float32);
            keepScene = draw.lt(0.03f).logical_or(draw.ge(0.06f)).to(float32).view(-1, 1, 1, 1);
            time = ones(count);
            if (progress > settings.RegressionShare)
                time = where(rand(count).lt(0.5f), time, rand(count).mul(0.9f).add(0.1f));
            var t = time.view(-1, 1, 1, 1);
            noisy = (clean * (1 - t)) + (randn_like(clean) * t);
        }
        var embedding = teacher.Forward(data.Ids);
        embedding = (embedding + (randn_like(embedding) * 0.1f)) * keepText.view(-1, 1, 1);
        var seen = networks.Features(data.Scene * keepScene);
        var subject = SubjectFeatures(networks, data);
        using var cache = networks.Prepare(embedding, seen, subject, data.HasSubject * keepText);
        var conditions = new EditConditions { Scene = scene, Collage = collage * keepText.view(-1, 1, 1, 1), Marks = data.Marks, KeepScene = keepScene };
        var predicted = networks.Predict(noisy, time, conditions, cache);
        weights = weights / time.view(-1, 1, 1, 1).clamp_min(0.3f);
        var loss = EditorLoss.Of(predicted, clean, weights, channelWeights, restore, pixelShare: 1.0);
        return (loss, time.data<float>().ToArray(), RegionErrors(predicted, clean, scene, region, keepText * keepScene.view(-1)));
    }

    // Only the rows that have a subject are looked at; the others are zero, and their λ is too.
    private static Tensor SubjectFeatures(EditorNetworks networks, EditorTensors data)
    {
        var rows = data.HasSubject.nonzero().reshape(-1);
        var features = networks.Features(rows.numel() == 0 ? data.Subject.narrow(0, 0, 1) : data.Subject.index_select(0, rows));
        var all = zeros([data.Subject.shape[0], features.shape[1], features.shape[2]], features.dtype);
        return rows.numel() == 0 ? all : all.index_copy(0, rows, features);
    }

    // Error in the edited cells and the error of leaving the scene alone, one pair an example; negative where conditions were dropped.
    private static float[] RegionErrors(Tensor predicted, Tensor clean, Tensor scene, Tensor region, Tensor whole)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var error = ((predicted - clean).square() * region).sum([1, 2, 3]);
        var copy = ((scene - clean).square() * region).sum([1, 2, 3]);
        return stack([where(whole.gt(0.5f), error, full_like(error, -1)), copy], 1).reshape(-1).data<float>().ToArray();
    }

    private void Checkpoint(EditorNetworks networks, EditTeacher teacher, FlatAdamW optimiser, string statePath, long batch, EditorReport report)
    {
        optimiser.Save(statePath, batch);
        optimiser.WithAverage(() =>
        {
            using var noGrad = no_grad();
            StateDict.Save(networks, Path.Combine(settings.Folder, "editor.average.safetensors"), floatType: ScalarType.Float32);
            StateDict.Save(teacher, Path.Combine(settings.Folder, "teacher.average.safetensors"), floatType: ScalarType.Float32);
            report.Sheet(networks, teacher, batch);
        });
        Console.WriteLine($"checkpoint at batch {batch}");
    }

    private PatchAutoencoder LinearCode(EditorConfig config)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var batches = Enumerable.Range(0, 60).Select(b => CropTensors.FromRgb([.. Enumerable.Range(0, 8).Select(i => renderer.Render(1_000_000_000 + (b * 8) + i).Target)], TinyEditor.Side));
        var code = PatchAutoencoder.FitLinearCode(batches, config.Autoencoder.LatentChannels);
        Console.WriteLine($"linear code: {code.ExpectedPsnr:F1} dB with {code.Channels} channels");
        var autoencoder = PatchAutoencoder.FromLinearCode(code, config.Autoencoder);
        StateDict.Save(autoencoder, Path.Combine(settings.Folder, "vae.linear.safetensors"));
        return autoencoder;
    }

    // A channel counts by the square root of its standard deviation in pixels: more for what shows, without forgetting detail.
    private static (Tensor ChannelWeights, Tensor Restore) Scales(PatchAutoencoder autoencoder)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var restore = autoencoder.Decoder.named_parameters().First(p => p.name == "linear.weight").parameter.detach().view(192, -1).clone();
        var deviation = restore.norm(0).sqrt();
        var weights = deviation / deviation.mean();
        return (weights.DetachFromDisposeScope(), restore.DetachFromDisposeScope());
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
