using System.Diagnostics;
using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Editing;
using FlexEdit.Models.Llama;
using FlexEdit.Models.Natives;
using FlexEdit.Models.Tokenizers;
using FlexEdit.Training.Data;
using FlexEdit.Training.Editor;
using FlexEdit.Training.Optimisation;
using FlexEdit.Training.World;
using TorchSharp;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace FlexEdit.Training.Understanding;

/// <summary>
/// Stage 1: vision tower, language model, Q-Former and mask head. Names first: the tower alone learns what stands under the true mask; then
/// everything together: L_VLLM with the name's words counted five times (eqs. 2 and 5), the whole mask, and the canonical edit from the Q-Former.
/// </summary>
public sealed class TrainUnderstanding(TrainUnderstanding.Settings settings, WorldCatalog catalog)
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
        /// <summary>Share of the run in which only the vision tower learns names.</summary>
        public double NamesShare { get; init; } = 0.35;
        /// <summary>Compute threads.</summary>
        public int Threads { get; init; } = 1;
        /// <summary>Minutes between checkpoints.</summary>
        public double CheckpointMinutes { get; init; } = 8;
        /// <summary>Go on from the last checkpoint.</summary>
        public bool Resume { get; init; }
    }

    private static readonly Dictionary<EditOperation, double> Single = new()
    {
        [EditOperation.AddNamed] = 0.15,
        [EditOperation.Remove] = 0.25,
        [EditOperation.ReplaceNamed] = 0.2,
        [EditOperation.Recolour] = 0.2,
        [EditOperation.Paint] = 0.2,
    };

    // While names are learned, every picture shows a marked object.
    private static readonly Dictionary<EditOperation, double> Marked = new() { [EditOperation.Remove] = 1 };

    private static readonly Dictionary<EditOperation, double> Multiple = new() { [EditOperation.AddSubject] = 0.5, [EditOperation.ReplaceSubject] = 0.5 };

    private readonly EditVocabulary vocabulary = catalog.Vocabulary;

    /// <summary>Runs the stage. Writes <c>understanding.state.safetensors</c>, <c>understanding.average.safetensors</c> and <c>tokenizer.json</c>.</summary>
    public void Run()
    {
        TorchNatives.UseThreads(settings.Threads);
        random.manual_seed(2);
        Directory.CreateDirectory(settings.Folder);
        var words = TinyUnderstanding.Words(catalog);
        File.WriteAllText(Path.Combine(settings.Folder, "tokenizer.json"), words.ToJson());
        var tokenizer = new WordTokenizer(words);
        var config = TinyUnderstanding.Config(tokenizer);
        var prompt = new EditPrompt(tokenizer, config.Llava.TokensPerImage(), config.ImageTokens);
        using var networks = new UnderstandingNetworks(config);
        networks.Vllm.Initialize();
        networks.QFormer.Initialize();
        using var probes = new CanonicalProbes(vocabulary, config.Llava.TextConfig.HiddenSize);
        foreach (var part in (nn.Module[])[networks, probes])
            part.to(ScalarType.BFloat16);
        using var optimiser = new FlatAdamW(networks.named_parameters().Concat(probes.named_parameters()).Select(p => (p.name, (Parameter)p.parameter)), emaDecay: 0.998);
        var statePath = Path.Combine(settings.Folder, "understanding.state.safetensors");
        var batch = settings.Resume && File.Exists(statePath) ? optimiser.Load(statePath) : 0;
        Console.WriteLine($"understanding: {optimiser.Count / 1e6:F1} M weights, {tokenizer.VocabularySize} words, {vocabulary.Names.Count} names, from batch {batch}");

        EditRenderer Render(ulong seed, Dictionary<EditOperation, double> mix) => new(catalog, TinyEditor.Side, seed, mix, heldOut: false);
        EditRenderer single = Render(31, Single), multiple = Render(32, Multiple), marked = Render(33, Marked);
        var padding = tokenizer.Controls[ControlTokens.Padding];
        var naming = settings.NamesShare > 0;
        using var batches = new Prefetch<UnderstandingBatch>(
            number => new UnderstandingBatch([.. Enumerable.Range(0, settings.Batch).Select(i => (naming ? marked : number % 4 == 3 ? multiple : single).Render((number * settings.Batch) + i))], prompt, vocabulary, padding),
            batch, ahead: 4);
        var rate = new LearningRate(settings.Rate, WarmUp: 300);
        var report = new UnderstandingReport(settings.Folder);
        var clock = Stopwatch.StartNew();
        var nextCheckpoint = settings.CheckpointMinutes;
        while (clock.Elapsed.TotalMinutes < settings.Minutes)
        {
            var progress = clock.Elapsed.TotalMinutes / settings.Minutes;
            using (NewDisposeScope())
            {
                naming = progress < settings.NamesShare;
                var loss = Loss(networks, probes, batches.Take(), namesOnly: naming, report);
                loss.backward();
                var norm = optimiser.Step(rate.At(optimiser.Steps, progress));
                report.Add("loss", loss.item<float>());
                report.Add("norm", norm);
            }
            batch++;
            if (batch % 100 == 0)
                report.Line(batch, batch * settings.Batch, clock.Elapsed);
            if (clock.Elapsed.TotalMinutes < nextCheckpoint && clock.Elapsed.TotalMinutes < settings.Minutes)
                continue;
            nextCheckpoint += settings.CheckpointMinutes;
            optimiser.Save(statePath, batch);
            optimiser.WithAverage(() => StateDict.Save(networks, Path.Combine(settings.Folder, "understanding.average.safetensors"), floatType: ScalarType.Float32));
            Console.WriteLine($"checkpoint at batch {batch}");
        }
    }

    private static Tensor Loss(UnderstandingNetworks networks, CanonicalProbes probes, UnderstandingBatch made, bool namesOnly, UnderstandingReport report)
    {
        var data = made.ToTensors();
        var count = made.Samples.Count;
        var pictures = data.Pictures.to(ScalarType.BFloat16);
        var own = pictures.view(count, made.PicturesEach, 3, TinyEditor.Side, TinyEditor.Side).select(1, 0);
        var features = networks.Vllm.ImageFeatures(namesOnly ? own : pictures);
        var first = namesOnly ? features : features.view(count, made.PicturesEach, features.shape[1], -1).select(1, 0);
        var naming = probes.NameLoss(first, data.FullMask, data.Names, report);
        if (namesOnly)
            return naming;

        var vllm = networks.Vllm;
        var patches = PatchLoss.Of(vllm.LanguageModel.Logits(first), data.FullMask, data.NameTokens, made.Padding);
        report.Add("patches", patches.item<float>());
        var states = vllm.LanguageModel.Forward(vllm.Embed(data.Ids, features.reshape(-1, features.shape[^2], features.shape[^1])));
        var language = CausalLoss.Of(vllm.LanguageModel.Logits(states), data.Labels, data.Weights);
        var tokens = networks.Config.ImageTokens;
        var image = stack([.. made.ImageStates.Select((end, row) => states[row].narrow(0, end - tokens, tokens))]);
        var canonical = probes.CanonicalLoss(networks.QFormer.Forward(image), data.Canonical, report);
        var mask = networks.MaskHead.Forward(image, first, own).to(float32);
        var truth = nn.functional.avg_pool2d(data.FullMask, 2);
        var masking = nn.functional.binary_cross_entropy_with_logits(mask, truth) + Dice(mask, truth);
        report.Add("lm", language.item<float>());
        report.Add("mask", masking.item<float>());
        report.Add("iou", Iou(mask, truth));
        return language + (naming * 0.1f) + patches + canonical + masking;
    }

    private static Tensor Dice(Tensor logits, Tensor truth)
    {
        var p = logits.sigmoid();
        var overlap = (p * truth).sum([1, 2, 3]);
        var total = p.sum([1, 2, 3]) + truth.sum([1, 2, 3]);
        return (1 - (((2 * overlap) + 1) / (total + 1))).mean();
    }

    // Mean over the rows that have an object.
    private static double Iou(Tensor logits, Tensor truth)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var p = logits.gt(0f).to(float32);
        var t = truth.gt(0.5f).to(float32);
        var both = (p * t).sum([1, 2, 3]);
        var either = p.maximum(t).sum([1, 2, 3]);
        var present = t.sum([1, 2, 3]).gt(0f).to(float32);
        return ((both / either.clamp_min(1f)) * present).sum().item<float>() / Math.Max(1, present.sum().item<float>());
    }
}
