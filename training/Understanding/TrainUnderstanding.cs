using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Editing;
using FlexEdit.Models.Llama;
using FlexEdit.Models.Natives;
using FlexEdit.Models.Tokenizers;
using FlexEdit.Training.Editor;
using FlexEdit.Training.Loop;
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
        /// <summary>How the run goes.</summary>
        public required LoopSettings Loop { get; init; }
        /// <summary>Share of the run in which only the vision tower learns names.</summary>
        public double NamesShare { get; init; } = 0.35;
        /// <summary>Model folder to begin with; null begins with random weights.</summary>
        public string? From { get; init; }
        /// <summary>How the masks are drawn.</summary>
        public TrainingMarks Marks { get; init; } = TrainingMarks.Both;

        /// <summary>The run of this stage in a folder.</summary>
        public static LoopSettings In(string folder) => new() { Folder = folder, Name = "understanding", Batch = 24 };
    }

    private static readonly Dictionary<EditOperation, double> Single = new()
    {
        [EditOperation.AddNamed] = 0.25,
        [EditOperation.Remove] = 0.2,
        [EditOperation.ReplaceNamed] = 0.25,
        [EditOperation.Recolour] = 0.15,
        [EditOperation.Paint] = 0.15,
    };

    // While names are learned, every picture shows a marked object.
    private static readonly Dictionary<EditOperation, double> Marked = new() { [EditOperation.Remove] = 1 };

    private static readonly Dictionary<EditOperation, double> Multiple = new() { [EditOperation.AddSubject] = 0.5, [EditOperation.ReplaceSubject] = 0.5 };

    private readonly EditVocabulary vocabulary = catalog.Vocabulary;

    /// <summary>Runs the stage. Writes <c>understanding.state.safetensors</c>, <c>understanding.average.safetensors</c> and <c>tokenizer.json</c>.</summary>
    public void Run()
    {
        TorchNatives.UseThreads(settings.Loop.Threads);
        random.manual_seed(2);
        var folder = settings.Loop.Folder;
        Directory.CreateDirectory(folder);
        var words = TinyUnderstanding.Words(catalog);
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), words.ToJson());
        var tokenizer = new WordTokenizer(words);
        var config = TinyUnderstanding.Config(tokenizer);
        var prompt = new EditPrompt(tokenizer, config.Llava.TokensPerImage(), config.ImageTokens);
        using var networks = new UnderstandingNetworks(config);
        networks.Vllm.Initialize();
        networks.QFormer.Initialize();
        EditRenderer Render(ulong seed, Dictionary<EditOperation, double> mix) => new(catalog, TinyEditor.Side, seed, mix, heldOut: false, settings.Marks);
        EditRenderer single = Render(31, Single), multiple = Render(32, Multiple), marked = Render(33, Marked);
        var (size, padding, naming) = (settings.Loop.Batch, tokenizer.Controls[ControlTokens.Padding], false);
        UnderstandingBatch Make(long number) => new(
            [.. Enumerable.Range(0, size).Select(i => (naming ? marked : number % 4 == 3 ? multiple : single).Render((number * size) + i))], prompt, vocabulary, padding);

        var resumed = settings.Loop.Resume && File.Exists(settings.Loop.StatePath);
        if (settings.From is not null && !resumed)
        {
            Console.WriteLine($"begins with {settings.From}; new are {string.Join(", ", WarmStart.Reading(ModelFolder.Open(settings.From), networks, words))}");
        }
        using var autoencoder = TinyAutoencoder.Of(folder, settings.From, catalog);
        using var teacher = new EditTeacher(catalog, autoencoder, config.Qformer.HiddenSize);
        using var probes = new CanonicalProbes(vocabulary, config.Llava.TextConfig.HiddenSize);
        foreach (var part in (nn.Module[])[networks, probes])
            part.to(ScalarType.BFloat16);
        naming = settings.NamesShare > 0;
        var loop = new TrainingLoop<UnderstandingBatch>(settings.Loop);
        Console.WriteLine($"understanding: {tokenizer.VocabularySize} words, {vocabulary.Names.Count} names");
        loop.Run(
            networks.named_parameters().Concat(probes.named_parameters()).Select(p => (p.name, (Parameter)p.parameter)),
            Make,
            (made, _) =>
            {
                naming = loop.Progress < settings.NamesShare;
                return Loss(networks, probes, teacher, made, naming, loop.Log);
            },
            _ =>
            {
                StateDict.Save(networks, Path.Combine(folder, "understanding.average.safetensors"), floatType: ScalarType.Float32);
                return null;
            });
    }

    private static Tensor Loss(UnderstandingNetworks networks, CanonicalProbes probes, EditTeacher teacher, UnderstandingBatch made, bool namesOnly, LossLog report)
    {
        var data = made.ToTensors();
        var count = made.Samples.Count;
        var pictures = data.Pictures.to(ScalarType.BFloat16);
        var own = pictures.view(count, made.PicturesEach, 3, TinyEditor.Side, TinyEditor.Side).select(1, 0);
        var features = networks.Vllm.ImageFeatures(namesOnly ? own : pictures);
        var first = namesOnly ? features : features.view(count, made.PicturesEach, features.shape[1], -1).select(1, 0);
        var naming = probes.NameLoss(first, data.FullMask, data.Names, report);
        var vllm = networks.Vllm;
        var patches = PatchLoss.Of(vllm.LanguageModel.Logits(first), data.FullMask, data.NameTokens, made.Padding);
        report.Add("patches", patches.item<float>());
        if (namesOnly)
            return naming + patches;

        var states = vllm.LanguageModel.Forward(vllm.Embed(data.Ids, features.reshape(-1, features.shape[^2], features.shape[^1])));
        var language = CausalLoss.Of(vllm.LanguageModel.Logits(states), data.Labels, data.Weights);
        var tokens = networks.Config.ImageTokens;
        var image = stack([.. made.ImageStates.Select((end, row) => states[row].narrow(0, end - tokens, tokens))]);
        var given = networks.QFormer.Forward(image);
        var canonical = probes.CanonicalLoss(given, data.Canonical, report);
        canonical = canonical + Alignment(given.to(ScalarType.Float32), teacher.Forward(data.Canonical).detach(), report);
        var mask = networks.MaskHead.Forward(image, first, own).to(float32);
        var truth = nn.functional.avg_pool2d(data.FullMask, 2);
        var masking = MaskLoss.Of(mask, truth);
        report.Add("lm", language.item<float>());
        report.Add("mask", masking.item<float>());
        report.Add("iou", MaskLoss.Overlap(mask, truth));
        return language + (naming * 0.1f) + patches + canonical + masking;
    }

    private static Tensor Alignment(Tensor given, Tensor wanted, LossLog report)
    {
        var loss = nn.functional.mse_loss(given, wanted) + (1 - nn.functional.cosine_similarity(given, wanted, 2).mean());
        report.Add("tokens", loss.item<float>());
        return loss;
    }
}
