using FlexEdit.Evaluation.Judges;
using FlexEdit.Models.Layers;
using FlexEdit.Training.World;
using static TorchSharp.torch;

namespace FlexEdit.Training.Judges;

/// <summary>Trains <c>judge-clip</c> by contrast: every picture finds its text among all, every text its pictures (Radford et al. 2021, figure 3).</summary>
internal sealed class TrainJudgeClip(JudgeRun run, WorldCatalog catalog)
{
    private const ulong Seed = 9101;

    /// <summary>Runs until the time is over. Writes <c>judge-clip/</c> in the run's folder.</summary>
    public void Run()
    {
        random.manual_seed((long)Seed);
        string[] names = [.. catalog.Objects.Select(o => o.Name).Distinct(StringComparer.Ordinal)];
        var words = JudgeWords.Of([.. names, .. WorldColours.All.Select(c => c.Name), JudgeWords.Background]);
        Directory.CreateDirectory(run.FolderOf("judge-clip"));
        File.WriteAllText(Path.Combine(run.FolderOf("judge-clip"), "words.json"), words.ToJson() + "\n");
        using var network = new JudgeClipNetwork(words.Words.Count);
        NormalInitialization.Apply(network, 0.05);
        var views = new JudgeViews(catalog, JudgeTrunk.Side, Seed, heldOut: false);
        run.Train("judge-clip", network, batch => new ClipBatch(views, names, batch * run.Batch, run.Batch), (made, _) => Loss(network, made, words));
    }

    private static Tensor Loss(JudgeClipNetwork network, ClipBatch made, JudgeWords words)
    {
        var pixels = JudgePixels.Views(made.Pixels(JudgeTrunk.Side), JudgeTrunk.Side, 0.9, 1.1, 0.25, flip: true);
        var pictures = network.EmbedPictures(pixels.to(ScalarType.BFloat16));
        var texts = network.EmbedTexts(made.Texts(words));
        var logits = network.Compare(pictures, texts);
        var answers = made.Answers();
        var forward = nn.functional.cross_entropy(logits, answers);
        // A text without a picture in the batch has nothing to find.
        var truth = zeros_like(logits).scatter_(1, answers.unsqueeze(1), ones(answers.shape[0], 1));
        var count = truth.sum([0L]);
        var perText = -(nn.functional.log_softmax(logits, 0) * truth).sum([0L]) / count.clamp_min(1f);
        return (forward + (perText.sum() / count.gt(0f).to(float32).sum())) / 2;
    }
}
