using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Editing;
using FlexEdit.Models.Llama;
using FlexEdit.Models.Natives;
using FlexEdit.Models.Tokenizers;
using FlexEdit.Training.Data;
using FlexEdit.Training.Editor;
using FlexEdit.Training.Loop;
using FlexEdit.Training.Understanding;
using TorchSharp;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace FlexEdit.Training.Joint;

/// <summary>
/// The paper's last stage: L_diffusion + L_VLLM on a mix of data sets, with low-rank updates of the language model and everything behind it trained: Q-Former, head of
/// the whole mask, Mask Enhance Adapter and denoising network. The painting's gradient reaches the Q-Former and the language model. Vision tower, language
/// model and autoencoder stay as they are. Begins with a packed model.
/// </summary>
public sealed class TrainJoint(TrainJoint.Settings settings, DataMix mix)
{
    /// <summary>Everything that can be set.</summary>
    public sealed record Settings
    {
        /// <summary>How the run goes.</summary>
        public required LoopSettings Loop { get; init; }
        /// <summary>Model folder to begin with.</summary>
        public required string From { get; init; }
        /// <summary>Rank of the low-rank updates.</summary>
        public int Rank { get; init; } = 8;
        /// <summary>What they are scaled by, times the rank.</summary>
        public double Alpha { get; init; } = 16;
        /// <summary>Layers of the language model that get them.</summary>
        public IReadOnlyList<string> Layers { get; init; } = ["q_proj", "v_proj"];
        /// <summary>Weight of L_diffusion beside L_VLLM.</summary>
        public double Diffusion { get; init; } = 1;
        /// <summary>Weight of the whole mask.</summary>
        public double Mask { get; init; } = 1;

        /// <summary>The run of this stage in a folder, with the paper's schedule at a small model's rate.</summary>
        public static LoopSettings In(string folder) => new()
        {
            Folder = folder,
            Name = "joint",
            Batch = 16,
            Accumulate = 2,
            Rate = 1e-4,
            WarmUp = 100,
            Shape = RateShape.Cosine,
            Average = 0.999,
        };
    }

    /// <summary>Runs the stage. Writes <c>understanding.average.safetensors</c> with the updates merged, <c>editor.average.safetensors</c>, and the updates alone in <c>lora/</c>.</summary>
    public void Run()
    {
        TorchNatives.UseThreads(settings.Loop.Threads);
        random.manual_seed(settings.Loop.Seed);
        var folder = settings.Loop.Folder;
        Directory.CreateDirectory(folder);
        var model = ModelFolder.Open(settings.From);
        var words = Path.Combine(settings.From, ModelFolder.Names.Tokenizer);
        File.Copy(words, Path.Combine(folder, "tokenizer.json"), overwrite: true);
        var tokenizer = WordTokenizer.Open(words);
        using var reader = model.LoadUnderstandingNetworks();
        using var painter = model.LoadEditorNetworks();
        var prompt = new EditPrompt(tokenizer, reader.Config.Llava.TokensPerImage(), reader.Config.ImageTokens);
        using var lora = new TrainableLora(reader.Vllm.LanguageModel, settings.Layers, settings.Rank, settings.Alpha);
        foreach (var frozen in reader.Vllm.VisionTower.parameters().Concat(painter.Autoencoder.parameters()))
            frozen.requires_grad = false;
        foreach (var part in (nn.Module[])[reader, painter.ImageEncoder, painter.Adapter, painter.Unet])
            part.to(ScalarType.BFloat16);
        using var objective = new DiffusionObjective(painter);
        var padding = tokenizer.Controls[ControlTokens.Padding];
        var loop = new TrainingLoop<JointBatch>(settings.Loop);
        loop.Run(
            Named(reader, painter, lora),
            number => new JointBatch(mix, number, settings.Loop.Batch, prompt, padding),
            (made, _) => Loss(reader, objective, made, loop.Log),
            _ =>
            {
                lora.Save(Path.Combine(folder, "lora"));
                StateDict.Save(painter, Path.Combine(folder, "editor.average.safetensors"), floatType: ScalarType.Float32);
                SaveReader(reader, lora, Path.Combine(folder, "understanding.average.safetensors"));
                return null;
            });
    }

    private static IEnumerable<(string, Parameter)> Named(UnderstandingNetworks reader, EditorNetworks painter, TrainableLora lora) =>
        lora.Factors
            .Concat(reader.named_parameters().Where(p => !p.name.StartsWith("vllm.", StringComparison.Ordinal)).Select(p => (p.name, p.parameter)))
            .Concat(painter.named_parameters().Where(p => !p.name.StartsWith("vae.", StringComparison.Ordinal)).Select(p => ("painter." + p.name, p.parameter)));

    private Tensor Loss(UnderstandingNetworks reader, DiffusionObjective objective, JointBatch made, LossLog log)
    {
        var total = zeros(1).squeeze();
        foreach (var group in made.Groups)
            total = total + (GroupLoss(reader, objective, group, log) * (group.Examples.Count / (float)made.Size));
        return total;
    }

    private Tensor GroupLoss(UnderstandingNetworks reader, DiffusionObjective objective, JointGroup group, LossLog log)
    {
        var (vllm, count) = (reader.Vllm, group.Examples.Count);
        var pictures = group.Pictures().to(ScalarType.BFloat16);
        Tensor features;
        using (no_grad())
            features = vllm.ImageFeatures(pictures);
        var states = vllm.LanguageModel.Forward(vllm.Embed(group.Rows.Ids, features));
        var language = CausalLoss.Of(vllm.LanguageModel.Logits(states), group.Rows.Labels, group.Rows.Weights);
        log.Add(group.IsEdit ? "lm" : "talk", language.item<float>());
        if (!group.IsEdit)
            return language;

        var tokens = reader.Config.ImageTokens;
        var image = stack([.. group.Rows.ImageStates.Select((end, row) => states[row].narrow(0, end - tokens, tokens))]);
        var (truth, known) = group.FullMasks();
        truth = nn.functional.avg_pool2d(truth, 2);
        var each = pictures.shape[0] / count;
        var first = features.view(count, each, features.shape[1], -1).select(1, 0);
        var logits = reader.MaskHead.Forward(image, first, pictures.view(count, each, 3, pictures.shape[2], pictures.shape[3]).select(1, 0)).to(float32);
        var mask = MaskLoss.Of(logits, truth, known);
        log.Add("mask", mask.item<float>());
        var (diffusion, _, _) = objective.Of(group.Painting(), reader.QFormer.Forward(image).to(float32), onlyNoise: false);
        log.Add("diffusion", diffusion.item<float>());
        return language + (mask * (float)settings.Mask) + (diffusion * (float)settings.Diffusion);
    }

    // The packed form has no updates beside its weights.
    private static void SaveReader(UnderstandingNetworks reader, TrainableLora lora, string path)
    {
        var merged = reader.state_dict().ToDictionary(w => w.Key, w => w.Value.to(float32), StringComparer.Ordinal);
        foreach (var (layer, delta) in lora.Deltas())
        {
            var name = merged.Keys.Single(k => k.EndsWith($"language_model.{layer}.weight", StringComparison.Ordinal));
            merged[name] = merged[name] + delta;
        }
        SafetensorsWriter.Write(path, merged);
    }
}
